"""`python -m aliasfix`."""

from aliasfix.cli import main

if __name__ == "__main__":
    main()
