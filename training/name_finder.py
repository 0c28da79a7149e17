"""Trains the name finder that ships with Heard: `make name-finder` (docs/redaction.md says on what, and how well)."""

from __future__ import annotations

import random
import shutil
import time
import zlib
from collections.abc import Iterator
from typing import Any

from benchmarks.corpora import corpora
from ingest.personal import lexicon
from ingest.personal.model import FOLDER, teach
from training.corpus import Sentence, held_back, paragraphs, sentences
from training.lexicon import word_kinds
from training.marked import Marked, lower, upper, with_spans_replaced, without_marks, without_punctuation
from training.people import Namer
from training.sentences import Writer

_SEED = 20261122
_ROUNDS = 14
_INVENTED = 14_000  # invented texts a round
_UNLISTED = (
    0.4  # share of names that the pipeline is told nothing about while it learns, since lists are never complete
)
_DROPOUT = 0.1
_BATCH_WORDS = (400, 2_500)
_LABELS = ("PERSON", "ORG", "LOC", "ADDRESS")
_TAGS = "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X NAME".split()
_META = {
    "name": "names",
    "version": "1.0.0",
    "description": "Finds names of people in notes of interviews and in support mail; taught by ingest.personal.model",
    "license": "CC BY-SA 4.0",
    "sources": [
        {"name": "GUM", "url": "https://gucorpling.org/gum/", "license": "CC BY, CC BY-SA"},
        {"name": "UNER English-EWT", "url": "https://www.universalner.org", "license": "CC BY-SA 4.0"},
        {"name": "Faker", "url": "https://github.com/joke2k/faker", "license": "MIT"},
        {"name": "spacy-lookups-data", "url": "https://github.com/explosion/spacy-lookups-data", "license": "MIT"},
    ],
}
_CONFIG = """
[nlp]
lang = "en"
pipeline = ["tok2vec", "tagger", "ner"]

[components]

[components.tok2vec]
factory = "tok2vec"

[components.tok2vec.model]
@architectures = "spacy.Tok2Vec.v2"

[components.tok2vec.model.embed]
@architectures = "spacy.MultiHashEmbed.v2"
width = 96
attrs = ["LOWER", "PREFIX", "SUFFIX", "SHAPE"]
rows = [6000, 400, 3000, 1500]
include_static_vectors = false

[components.tok2vec.model.encode]
@architectures = "spacy.MaxoutWindowEncoder.v2"
width = 96
depth = 4
window_size = 1
maxout_pieces = 3

[components.tagger]
factory = "tagger"

[components.tagger.model]
@architectures = "spacy.Tagger.v2"
nO = null

[components.tagger.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = ${components.tok2vec.model.encode.width}

[components.ner]
factory = "ner"

[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "ner"
extra_state_tokens = false
hidden_width = 64
maxout_pieces = 2
use_upper = true
nO = null

[components.ner.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = ${components.tok2vec.model.encode.width}
"""


def main() -> None:
    root = corpora("names/gum.iob2", "names/ewt-dev.iob2")
    kinds = word_kinds()
    lines = "".join(f"{word}\t{kind}\n" for word, kind in kinds.items())
    (FOLDER.parent / "words.txt").write_text(lines, encoding="utf-8")
    lexicon.words.cache_clear()
    known = [one for one in sentences(root / "names" / "gum.iob2") if not held_back(one)]
    known += sentences(root / "names" / "ewt-dev.iob2")
    nlp = trained(known)
    teach(nlp)
    nlp.meta.update(_META)
    shutil.rmtree(FOLDER, ignore_errors=True)
    nlp.to_disk(FOLDER, exclude=["vocab"])  # the words it has seen are not needed, only their hashes
    size = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file())
    print(f"{FOLDER}: {size / 1e6:.1f} MB")


def trained(known: list[Sentence]) -> Any:
    """A pipeline trained on these sentences and on invented ones."""
    import spacy
    from spacy.util import fix_random_seed
    from thinc.api import Adam, Config

    fix_random_seed(_SEED)
    rng = random.Random(_SEED)
    nlp = spacy.blank("en").from_config(Config().from_str(_CONFIG))
    teach(nlp, _kind_while_learning)
    for label in _LABELS:
        nlp.get_pipe("ner").add_label(label)
    writer, namer = Writer(rng), Namer(rng)
    first = [_example(nlp, one) for one in _round(known, writer, namer, rng, 200)]
    nlp.config["initialize"]["components"] = {"tagger": {"labels": _TAGS}}
    nlp.initialize(lambda: first)
    optimizer = Adam(0.001, L2=0.01, grad_clip=1.0, use_averages=True, L2_is_weight_decay=True)
    started, done = time.monotonic(), 0
    for number in range(_ROUNDS):
        texts = _round(known, writer, namer, rng, _INVENTED)
        size = _BATCH_WORDS[0] + (_BATCH_WORDS[1] - _BATCH_WORDS[0]) * min(1.0, number / 6)
        optimizer.learn_rate = 0.001 * min(1.0, 2 * (1 - number / _ROUNDS))
        losses: dict[str, float] = {}
        for batch in _batches((_example(nlp, one) for one in texts), size):
            nlp.update(batch, sgd=optimizer, losses=losses, drop=_DROPOUT)
            done += sum(len(one.reference) for one in batch)
        said = ", ".join(f"{name} {loss:,.0f}" for name, loss in losses.items())
        print(
            f"round {number + 1} of {_ROUNDS}: {said}; {done / (time.monotonic() - started):,.0f} words/s", flush=True
        )
    with nlp.use_params(optimizer.averages):
        averaged = nlp.to_bytes()
    return nlp.from_bytes(averaged)


def _kind_while_learning(word: str) -> str:
    """A word's kind, without its being in a list of names for some, of which half count as unknown words, as most names
    that are in no list are: the pipeline must find those by other means."""
    kind = lexicon.kind(word)
    number = zlib.crc32(word.lower().encode()) % 1_000
    if number >= 1_000 * _UNLISTED or kind[0] not in "ubn":
        return kind
    listed = lexicon.GIVEN in kind or lexicon.FAMILY in kind
    return lexicon.UNKNOWN if listed and number % 2 else kind[0]


def _round(known: list[Sentence], writer: Writer, namer: Namer, rng: random.Random, invented: int) -> list[Marked]:
    """What is learned from in one round: the corpus as it is and with other names, and invented texts, shuffled."""
    texts = [writer.text() for _ in range(invented)]
    for paragraph in paragraphs(known, rng.choice((1, 2, 3))):
        texts += _varied(paragraph, namer, rng)
    rng.shuffle(texts)
    return texts


def _varied(paragraph: Marked, namer: Namer, rng: random.Random) -> Iterator[Marked]:
    chance = rng.random()
    made = paragraph
    if any(label == "PERSON" for _, _, label in made.spans) and rng.random() < 0.5:
        new = [
            _other_name(made.text[start:end], namer) if label == "PERSON" else None for start, end, label in made.spans
        ]
        made = with_spans_replaced(made, new)
    if rng.random() < 0.15:
        made = without_marks(made)
    if chance < 0.25:
        made = lower(made)
        made = without_punctuation(made) if rng.random() < 0.5 else made
    elif chance < 0.28:
        made = upper(made)
    elif chance < 0.33:
        made = without_punctuation(made)
    yield made


def _other_name(name: str, namer: Namer) -> str:
    return namer.full() if " " in name else namer.given()


def _example(nlp: Any, marked: Marked) -> Any:
    """What spaCy learns from. An invented text has no parts of speech; of its words is known which are a name and which
    are not ("!NAME")."""
    from spacy.tokens import Doc, Span
    from spacy.training import Example

    doc = nlp.make_doc(marked.text)
    target = Doc(doc.vocab, words=[token.text for token in doc], spaces=[bool(token.whitespace_) for token in doc])
    spans = [doc.char_span(start, end, label=label, alignment_mode="expand") for start, end, label in marked.spans]
    entities: list[Any] = []
    for span in spans:
        if span is not None and (not entities or span.start >= entities[-1].end):
            entities.append(span)
    target.set_ents([Span(target, span.start, span.end, span.label_) for span in entities])
    names = {n for span in entities if span.label_ == "PERSON" for n in range(span.start, span.end)}
    tags = dict(marked.tags)
    for token in target:
        if token.is_space:
            token.tag_ = "X"
        elif token.i in names:
            token.tag_ = "NAME"
        else:
            token.tag_ = tags.get(token.idx, "") if tags else "!NAME"
    return Example(doc, target)


def _batches(examples: Iterator[Any], words: float) -> Iterator[list[Any]]:
    batch: list[Any] = []
    size = 0
    for example in examples:
        batch.append(example)
        size += len(example.reference)
        if size >= words:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


if __name__ == "__main__":
    main()
