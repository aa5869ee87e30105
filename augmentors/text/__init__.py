"""Text augmenters, one per file; what they share: tokens, edits, the base operator, sentences, lexicon, tagger."""
