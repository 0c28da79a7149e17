"""Turning text into vectors: what is asked of a model, and the one module that knows sentence-transformers."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from research import minilm
from research.errors import HeardError
from research.importing import with_torch
from research.minilm import MiniLMEmbedder

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Embedder(Protocol):
    """What the repository needs from a model. `name` and `dimension` are stored with the index."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """The most tokens of a text that the model takes in; the rest would be cut off."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 a text: shape (len(texts), dimension)."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens a text, without the model's own start and end marks."""
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model, loaded on first use, from files on this machine only.

    Without a name it is the model that comes with Heard as its authors compute it: what `MiniLMEmbedder` agrees with.
    """

    def __init__(self, model: str = "") -> None:
        self.name = model or minilm.NAME
        self._loading = threading.Lock()

    @property
    def _model(self) -> Any:
        with self._loading:  # two pages that ask at once load it once
            return self._loaded

    @cached_property
    def _loaded(self) -> Any:
        os.environ["HF_HUB_OFFLINE"] = "1"  # read when the library is imported: nothing is looked up outside
        os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        with with_torch():
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        path = Path(self.name).expanduser()
        if self.name == minilm.NAME:
            path = minilm.bundled_model()
            minilm.checked_weights(path)
        try:
            return SentenceTransformer(str(path) if path.exists() else self.name, device="cpu")
        except (OSError, ValueError) as error:
            raise HeardError(
                f"The embedding model {self.name} is not on this machine. Set HEARD_MODEL to the folder of a "
                "sentence-transformers model, or leave it out to use the one that comes with Heard."
            ) from error

    @property
    def dimension(self) -> int:
        size = self._model.get_embedding_dimension()
        return int(size)

    @property
    def max_tokens(self) -> int:
        return int(self._model.max_seq_length) - 2

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode(
            list(texts), batch_size=64, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        encoded = self._model.tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]


def embedder_for(model: str = "") -> Embedder:
    """The embedder of a model: the one that comes with Heard when none is named, which has a faster way of its own."""
    return MiniLMEmbedder() if model in ("", minilm.NAME) else SentenceTransformerEmbedder(model)
