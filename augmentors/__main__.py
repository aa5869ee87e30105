"""`python -m augmentors`."""

from augmentors.cli import main

if __name__ == "__main__":
    main()
