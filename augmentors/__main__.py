"""`python -m augmentors`."""

from augmentors import interrupt

if __name__ == "__main__":
    interrupt.install()
    with interrupt.heard():
        from augmentors.cli import main

        main()
        interrupt.retire()
