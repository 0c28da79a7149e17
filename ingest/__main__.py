"""`python -m ingest PATH... --team T --study S`: the same as `heard ingest`."""

from heard.cli import ingest_command

if __name__ == "__main__":
    ingest_command(prog_name="python -m ingest")
