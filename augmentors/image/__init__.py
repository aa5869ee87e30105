"""Augmenters for images, one per file."""
