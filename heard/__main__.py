"""`python -m heard`: the same as the `heard` command."""

from heard.cli import main

if __name__ == "__main__":
    main(prog_name="heard")
