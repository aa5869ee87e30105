"""Nets and their training through skorch. Its modules load torch: import them inside functions."""
