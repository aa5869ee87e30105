"""Selectors: under-sampling before new samples are made, cleaning after."""
