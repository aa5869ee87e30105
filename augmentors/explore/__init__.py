"""What a dataset looks like: classes, health, duplicates, embeddings, the map."""
