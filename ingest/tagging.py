"""Tagging: which of the taxonomy's tags a passage deserves, by its words and by its meaning, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from research.embedder import Embedder
from research.importing import without_torch
from research.litter import without_runs
from research.models import TagAssignment
from research.taxonomy import Tag, Taxonomy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from research.repository import Repository

_SIMILAR = 0.5  # cosine to a tag's nearest example from which meaning alone gives the tag (docs/taxonomy.md)
_SAID = 0.7  # score of a tag whose phrase was said
_MOST = 4  # tags a passage: more would say nothing


class Tagger:
    """Gives tags to passages: a phrase of the tag that was said (any inflection), or words like its examples."""

    def __init__(self, taxonomy: Taxonomy, embedder: Embedder) -> None:
        self._tags = [tag for tag in taxonomy.tags if tag.phrases or tag.examples or tag.description]
        self._matcher, self._phrases = _phrase_matcher(self._tags)
        said = [(n, text) for n, tag in enumerate(self._tags) for text in (*tag.examples, tag.description) if text]
        owners = np.array([n for n, _ in said], dtype=np.int64)
        self._of_tag = [np.flatnonzero(owners == n) for n in range(len(self._tags))]  # rows of each tag's examples
        self._enough = np.array([tag.threshold or _SIMILAR for tag in self._tags], dtype=np.float64)
        self._examples = [text for _, text in said]
        self._vectors = embedder.embed(self._examples)

    def __call__(
        self, ids: Sequence[str], texts: Sequence[str], vectors: NDArray[np.float32]
    ) -> Mapping[str, list[TagAssignment]]:
        """Id -> tags, surest first, at most four; `vectors` are the passages' own, shape (len(ids), dimension)."""
        similar = vectors @ self._vectors.T if len(self._examples) else np.zeros((len(ids), 0), dtype=np.float32)
        nearest = np.full((len(ids), len(self._tags)), -1)  # the example of each tag that is nearest to each text
        scores = np.zeros(nearest.shape, dtype=np.float32)
        for n, mine in enumerate(self._of_tag):
            if len(mine):
                nearest[:, n] = mine[similar[:, mine].argmax(axis=1)]
                scores[:, n] = similar[:, mine].max(axis=1)
        rows = zip(ids, texts, scores, nearest, strict=True)
        return {id_: self._tags_of(text, score, near) for id_, text, score, near in rows}

    def _tags_of(self, text: str, scores: NDArray[np.float32], nearest: NDArray[np.int64]) -> list[TagAssignment]:
        said = self._said(text)
        found: list[TagAssignment] = []
        for n in {*said, *np.flatnonzero(scores >= self._enough).tolist()}:
            tag, score = self._tags[n], float(scores[n])
            if n in said:
                found.append(TagAssignment(tag.name, max(_SAID, score), "tagger", f"says “{said[n]}”"))
            else:
                example = self._examples[nearest[n]]
                found.append(TagAssignment(tag.name, score, "tagger", f"sounds like “{example}”"))
        return sorted(found, key=lambda tag: (-tag.score, tag.tag))[:_MOST]

    def _said(self, text: str) -> dict[int, str]:
        """Tag number -> the words in the text that are one of its phrases."""
        doc = _lemmatizer()(without_runs(text.lower()))
        found: dict[int, str] = {}
        for key, start, end in self._matcher(doc):
            found.setdefault(self._phrases[key], doc[start:end].text)
        return found


def retag(repo: Repository, on_progress: Callable[[int, int], None] | None = None) -> int:
    """Tag every passage anew with the repository's taxonomy; what people decided stays. Returns how many changed."""
    from research.filters import Filter
    from research.store import assignments, passages
    from research.store.database import writing

    repo.hold("govern")
    tagger = Tagger(repo.taxonomy, repo.embedder)
    changed = 0
    with repo.index.writer("Tagging everything anew"):
        repo.index.sync(tagger=tagger)
        with repo.engine.connect() as connection:
            ids = passages.passage_ids(connection)
        for start in range(0, len(ids), 1_000):
            part = ids[start : start + 1_000]
            with repo.index.reading() as index:
                vectors = index.vectors(part)
            with writing(repo.engine).begin() as connection:
                here = passages.hits(connection, list(vectors), Filter(), repo.now().date())
                texts = {id_: hit.text for id_, hit in here.items()}
                known = list(texts)
                stacked = np.stack([vectors[id_] for id_ in known]) if known else np.zeros((0, 1), np.float32)
                tags = tagger(known, list(texts.values()), stacked) if known else {}
                different = assignments.replace_tagger_tags(connection, tags, repo.now())
            changed += len(different)
            if on_progress:
                on_progress(min(start + 1_000, len(ids)), len(ids))
    return changed


@cache
def _lemmatizer() -> Any:
    """Splits lower-case text into words, whose `lower` is their lemma by the lookup table: no trained pipeline has to
    be downloaded. As a property of the word, it is looked up once, and not wherever the word is said."""
    with without_torch():
        import spacy
        from spacy.attrs import LOWER

    nlp = spacy.blank("en")
    lemmas = nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    nlp.initialize()
    table = lemmas.lookups.get_table("lemma_lookup")
    nlp.remove_pipe("lemmatizer")
    nlp.vocab.lex_attr_getters[LOWER] = lambda word: table.get(word, word)
    for known in nlp.vocab:  # those that the rules for "don't" and its like have made already
        known.lower_ = table.get(known.text, known.text)
    return nlp


def _phrase_matcher(tags: Sequence[Tag]) -> tuple[Any, dict[int, int]]:
    """spaCy's matcher for all phrases of all tags, by lemma (see `_lemmatizer`), and whose phrase each match key is."""
    from spacy.matcher import PhraseMatcher

    nlp = _lemmatizer()
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    owners: dict[int, int] = {}
    for n, tag in enumerate(tags):
        if tag.phrases:
            matcher.add(f"tag {n}", [nlp(phrase.lower()) for phrase in tag.phrases])
            owners[nlp.vocab.strings[f"tag {n}"]] = n
    return matcher, owners
