"""A short run of the fuzzing: inputs that broke the rule once, the kept ones, and some hundred changes of these."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from pathlib import Path

import pytest

from fuzz import bombs, corpus, wrapped
from fuzz.targets import TARGETS, Target
from fuzz.unguided import breach, inputs, warm_up
from ingest.models import ReadOptions, Source
from ingest.readers import read
from research import litter, plain_yaml
from research.errors import BadInput

ROOT = Path(__file__).parent.parent
_RUNS, _LARGE = 150, 4


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_no_input_breaks_the_rule(target: Target) -> None:
    warm_up(target)
    for data in inputs(target, _RUNS, _LARGE, seed=7):
        wrong, _ = breach(target, data)
        assert wrong is None, f"{data[:200]!r}: {wrong.how}"


@pytest.mark.parametrize(
    "source",
    [
        Source("a.docx", "k", wrapped.docx_body(b"<w:p><w:r><w:t>P1: It takes a morning.</w:t></w:r></w:p>")),
        Source(
            "a.docx",
            "k",
            wrapped.docx_styles(b'<w:style w:type="paragraph" w:styleId="N"><w:name w:val="Normal"/></w:style>'),
        ),
        Source("a.xlsx", "k", wrapped.xlsx_strings(b"<si><t>yes</t></si>")),
        Source("a.xlsx", "k", wrapped.xlsx_sheet(b'<row r="1"><c t="inlineStr"><is><t>text</t></is></c></row>')),
        Source("a.pdf", "k", wrapped.pdf_page(b"BT /F1 12 Tf 72 700 Td (P1: It takes a morning.) Tj ET")),
    ],
    ids=["docx body", "docx styles", "xlsx strings", "xlsx sheet", "pdf page"],
)
def test_what_is_wrapped_for_fuzzing_is_no_damaged_file(source: Source) -> None:
    said = ""
    try:
        read(source, ReadOptions())
    except BadInput as error:
        said = str(error)
    assert "damaged" not in said


def test_what_broke_the_rule_once_is_kept() -> None:
    assert sum(len(corpus.kept(target, "broke")) for target in TARGETS) >= 8


def test_the_corpus_stays_small() -> None:
    files = [*(corpus.HERE / "corpus").glob("*"), *(corpus.HERE / "broke").glob("*")]
    assert sum(file.stat().st_size for file in files) < 1 << 20
    assert {file.name for file in files} <= {corpus.file_of(target, "corpus").name for target in TARGETS}


def test_a_rule_that_is_broken_is_seen() -> None:
    def breaks(data: bytes) -> None:
        raise ValueError(data)

    wrong, _ = breach(Target("breaks", breaks, 1), b"x")
    assert wrong
    assert "ValueError" in wrong.how


def test_examples_hold() -> None:
    assert doctest.testmod(litter) == (0, doctest.testmod(litter).attempted)


@pytest.fixture(scope="module")
def defused() -> dict[str, dict[str, object]]:
    """What became of each bomb, in processes of their own."""
    done = subprocess.run([sys.executable, "-m", "fuzz.bombs"], cwd=ROOT, capture_output=True, text=True, check=True)
    return {told["bomb"]: told for told in map(json.loads, done.stdout.splitlines())}


@pytest.mark.xdist_group("bombs")
@pytest.mark.parametrize("bomb", bombs.NAMES)
def test_a_bomb_does_nothing(bomb: str, defused: dict[str, dict[str, object]]) -> None:
    told = defused[bomb]
    assert float(str(told["seconds"])) < 15  # of processor time; on a machine that does nothing else, under five
    assert int(str(told["megabytes"])) < 1024
    assert "root:" not in str(told["said"])
    assert not str(told["said"]).startswith("read: haha")


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: &x 1\nb: *x", 1, "names after & and"),
        ("a: !!binary aGE=", 1, "types after !"),
        ("a: 2026-99-99", 0, "not what it looks like"),
        ("a: [1", 1, "expected"),
        ("[" * 60, 1, "levels deep"),
        ("x" * 300_000, 0, "longer than"),
    ],
)
def test_what_is_not_plain_yaml_is_said(text: str, line: int, problem: str) -> None:
    with pytest.raises(plain_yaml.NotPlain) as raised:
        plain_yaml.load(text)
    assert problem in raised.value.problem
    assert raised.value.line >= line


def test_texts_in_yaml_have_no_control_characters() -> None:
    assert plain_yaml.load('a: "\\e[31mred\\u202e\\ud800"') == {"a": "[31mred"}
