"""One target under Atheris, which keeps the inputs that reach code no other did: python -m fuzz.guided TARGET [libFuzzer's options].

Atheris ends the process itself: with status 0 when the executions are done, 77 for an exception, 70 to 72 for a hang or
too much memory, and leaves the input behind.
"""

from __future__ import annotations

import logging
import sys
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ingest", "research", "heard", "pypdf", "bs4", "yaml", "openpyxl", "docx"]):
    import bs4
    import docx
    import openpyxl
    import openpyxl.reader.excel
    import pypdf
    import yaml

    from fuzz.targets import BY_NAME

from fuzz.unguided import warm_up

__all__ = ["bs4", "docx", "openpyxl", "pypdf", "yaml"]  # imported here so that they are instrumented

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
name = Path(sys.argv.pop(1)).name
warm_up(BY_NAME[name])
atheris.Setup(sys.argv, BY_NAME[name].run)
atheris.Fuzz()
