"""`python -m yaoxun`."""

from yaoxun.cli import main

if __name__ == "__main__":
    main()
