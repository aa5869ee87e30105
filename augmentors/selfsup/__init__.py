"""Self-supervised learning: encoders that learn from training samples without their labels."""
