"""The public suite that every augmenter passes, and the small datasets it runs on."""

from augmentors.testing.toys import toy_images, toy_table, toy_text

__all__ = ["toy_images", "toy_table", "toy_text"]
