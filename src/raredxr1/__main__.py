"""`python -m raredxr1` is `raredx`."""

from raredxr1.cli import main

if __name__ == "__main__":
    main()
