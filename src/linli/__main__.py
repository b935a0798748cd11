"""`python -m linli` is `linli`."""

from linli.web.cli import main

if __name__ == "__main__":
    main()
