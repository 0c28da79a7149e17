"""The one family of errors that people see: each message says what, where, and what to do next."""


class HeardError(Exception):
    """Anything that Heard refuses or cannot do; the command and the pages show its message as it is."""


class NotFound(HeardError):
    """Something was asked for by id or name and the repository does not hold it."""


class BadInput(HeardError):
    """A file, a query or a setting that cannot be used as it is; nothing stored was changed."""


class Refused(HeardError):
    """Something that a rule (about contacting people, or about deciding a claim) does not allow."""


class ModelMismatch(HeardError):
    """The index was built with another embedding model than the one that is set."""


class IndexDamaged(HeardError):
    """The vector index cannot be read; the notes themselves are safe in SQL."""


class IndexAway(IndexDamaged):
    """The server that holds the vector index does not answer; nothing is damaged, and nothing to be built anew."""


class KeywordsDamaged(HeardError):
    """The keyword index cannot be read; the notes themselves are safe in SQL."""


class Busy(HeardError):
    """Another process is writing to the repository and did not finish in time."""


class Unwritable(HeardError):
    """The disk is full, or the folder cannot be written to; what was stored before is as it was."""


class DatabaseAway(HeardError):
    """The server that holds the SQL database does not answer any more; what was reported done is stored there."""


class DatabaseDamaged(HeardError):
    """The SQL database cannot be read, or not all of it; a backup is the way back."""


def panicked(error: BaseException) -> bool:
    """Whether a library written in Rust gave up; pyo3 raises that as no Exception, so that `except Exception` passes
    it by."""
    return type(error).__name__ == "PanicException"
