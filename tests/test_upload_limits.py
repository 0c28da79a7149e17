"""How much goes into one upload, and what is said of more."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from heard.ui import intake
from research.config import Settings
from research.errors import BadInput

SETTINGS = Settings(Path("nowhere"), upload_files=3, upload_mb=1)


def test_as_much_as_fits_goes_in() -> None:
    intake.check_size([400_000, 400_000, 200_000], SETTINGS)
    assert len(intake.opened([("a.md", b"P1: yes"), ("a.md", b"P1: no")], SETTINGS)) == 2


def test_too_many_files_are_a_sentence() -> None:
    with pytest.raises(BadInput, match="4 files are more than the 3 that go into one upload"):
        intake.check_size([1, 1, 1, 1], SETTINGS)


def test_too_many_megabytes_are_a_sentence() -> None:
    with pytest.raises(BadInput, match="come to 2 MB, more than the 1 MB"):
        intake.check_size([1 << 20, 1 << 20], SETTINGS)


def test_what_a_zip_holds_counts() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(4):
            archive.writestr(f"{number}.md", "P1: yes")
    with pytest.raises(BadInput, match="4 files are more than the 3"):
        intake.opened([("a.zip", out.getvalue())], SETTINGS)


def test_settings_say_how_much() -> None:
    told = Settings.from_env({"HEARD_UPLOAD_FILES": "9", "HEARD_UPLOAD_MB": "20"}, "/nowhere")
    assert (told.upload_files, told.upload_mb) == (9, 20)
    for wrong in ("0", "many", "-1", "9" * 5000, "²"):
        with pytest.raises(BadInput, match="HEARD_UPLOAD_FILES"):
            Settings.from_env({"HEARD_UPLOAD_FILES": wrong}, "/nowhere")
