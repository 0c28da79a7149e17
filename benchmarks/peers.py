"""What a team would use instead, on the model that Heard uses too: three ways to index texts and search them.

Each is set up as its documentation does it. `add` makes texts searchable and stores them; `search` gives ids, best
first, of the texts of one source.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from benchmarks.corpora import Text
from research.minilm import bundled_model

os.environ |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}


class Peer(Protocol):
    """A system that texts are put into once and searched in."""

    name: str

    def add(self, texts: Sequence[Text]) -> None: ...

    def search(self, query: str, source: str, limit: int) -> list[str]: ...


class Keywords:
    """BM25 by bm25s, with English stop words left out and words stemmed.

    All sources are one collection: words weigh what they weigh in all of them, which finds better in each.
    """

    name = "BM25 (bm25s)"

    def __init__(self) -> None:
        import bm25s  # type: ignore[import-untyped]
        import Stemmer

        self._bm25s = bm25s
        self._stemmer = Stemmer.Stemmer("english")

    def add(self, texts: Sequence[Text]) -> None:
        self._texts = list(texts)
        self._index = self._bm25s.BM25()
        self._index.index(self._tokens([text.text for text in texts]), show_progress=False)

    def search(self, query: str, source: str, limit: int) -> list[str]:
        places, _ = self._index.retrieve(self._tokens([query]), k=len(self._texts), show_progress=False)
        found = (self._texts[place] for place in places[0])
        return [text.id for text in found if text.source == source][:limit]

    def _tokens(self, texts: list[str]) -> Any:
        return self._bm25s.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False)


class Vectors:
    """sentence-transformers and Chroma, as a developer would write it in an afternoon."""

    name = "sentence-transformers + Chroma"

    def __init__(self, folder: Path, model: Any = None) -> None:
        import chromadb
        from sentence_transformers import SentenceTransformer

        _quiet()

        self.model = model or SentenceTransformer(str(bundled_model()), device="cpu")
        settings = chromadb.Settings(anonymized_telemetry=False)
        self._client = chromadb.PersistentClient(str(folder), settings=settings)
        self._collection = self._client.get_or_create_collection("texts", metadata={"hnsw:space": "cosine"})

    def add(self, texts: Sequence[Text]) -> None:
        vectors = self.model.encode([text.text for text in texts], show_progress_bar=False)
        for first in range(0, len(texts), 1000):
            batch = texts[first : first + 1000]
            self._collection.add(
                ids=[text.id for text in batch],
                documents=[text.text for text in batch],
                embeddings=vectors[first : first + 1000],
                metadatas=[{"source": text.source, "start": text.start, "end": text.end} for text in batch],
            )

    def search(self, query: str, source: str, limit: int) -> list[str]:
        vector = self.model.encode([query], show_progress_bar=False)
        found = self._collection.query(query_embeddings=vector, n_results=limit, where={"source": source}, include=[])
        return list(found["ids"][0])

    def close(self) -> None:
        self._client.close()


class Hybrid:
    """txtai, by word and by meaning, with the texts and what is known of them kept in its database."""

    name = "txtai (hybrid)"

    def __init__(self, folder: Path, models: dict[str, Any] | None = None) -> None:
        from txtai import Embeddings  # type: ignore[import-untyped]

        _quiet()
        self._folder = folder
        self._index = Embeddings(path=str(bundled_model()), content=True, hybrid=True, models=models)

    def add(self, texts: Sequence[Text]) -> None:
        self._all = len(texts)
        self._index.index(
            (text.id, {"text": text.text, "source": text.source, "start": text.start, "end": text.end})
            for text in texts
        )
        self._index.save(str(self._folder))

    def search(self, query: str, source: str, limit: int) -> list[str]:
        # Without the second argument, only the ten times `limit` best of all sources would be looked through.
        asked = f"select id, score from txtai where similar(:query, {self._all}) and source = :source"
        found = self._index.search(asked, limit, parameters={"query": query, "source": source})
        return [str(hit["id"]) for hit in found]

    def close(self) -> None:
        self._index.close()


def _quiet() -> None:
    """No progress bars when weights are loaded."""
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
