"""models.language: the model's output layer over some of its tokens, computed outside llama.cpp's graph.

The logit of a token is the product of its row of the output layer and what the layers below say. llama.cpp computes all
of them for each row that is asked for, which is half of the work where there are 173,000 tokens. A head computes some:
the rows are copied once, and multiplied by ggml's own kernel, so that the logits are those of llama.cpp, bit for bit.
"""

from __future__ import annotations

import ctypes
import weakref
from functools import cache
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from llama_cpp._ctypes_extensions import load_shared_library
from numpy.typing import NDArray

from models.gguf_file import read_gguf
from models.language.errors import ModelError

_BELOW_HEAD = b"result_norm"
"""llama.cpp's name of what the output layer is multiplied by."""

_F32 = 0  # enum ggml_type
_ROOM = 1 << 20  # bytes for the graph and the kernel's notes; pages that are not used cost nothing


class _InitParams(ctypes.Structure):
    """struct ggml_init_params."""

    _fields_ = (("mem_size", ctypes.c_size_t), ("mem_buffer", ctypes.c_void_p), ("no_alloc", ctypes.c_bool))


class _Ggml:
    """The functions of ggml that are needed, from the library that llama.cpp itself computes with."""

    def __init__(self) -> None:
        folder = Path(llama_cpp.__file__).parent / "lib"
        base = load_shared_library("ggml-base", folder)
        cpu = load_shared_library("ggml-cpu", folder)
        pointer, integer = ctypes.c_void_p, ctypes.c_int

        def function(library: Any, name: str, result: Any, *arguments: Any) -> Any:
            found = getattr(library, name)
            found.restype, found.argtypes = result, arguments
            return found

        self.init = function(base, "ggml_init", pointer, _InitParams)
        self.free = function(base, "ggml_free", None, pointer)
        self.tensor = function(
            base, "ggml_new_tensor_2d", pointer, pointer, integer, ctypes.c_int64, ctypes.c_int64
        )
        self.product = function(base, "ggml_mul_mat", pointer, pointer, pointer, pointer)
        self.graph = function(base, "ggml_new_graph_custom", pointer, pointer, ctypes.c_size_t, ctypes.c_bool)
        self.add = function(base, "ggml_build_forward_expand", None, pointer, pointer)
        self.compute = function(cpu, "ggml_graph_compute_with_ctx", integer, pointer, pointer, integer)
        self.name = function(base, "ggml_get_name", ctypes.c_char_p, pointer)
        self.data = function(base, "ggml_get_data", pointer, pointer)
        self.n_bytes = function(base, "ggml_nbytes", ctypes.c_size_t, pointer)

    def bytes_of(self, tensor: int) -> NDArray[np.uint8]:
        """Return a view of a tensor's memory, shape (n_bytes,)."""
        address = ctypes.cast(self.data(tensor), ctypes.POINTER(ctypes.c_uint8))
        return np.ctypeslib.as_array(address, (self.n_bytes(tensor),))


@cache
def ggml() -> _Ggml:
    """Return ggml's functions.

    Raises
    ------
    OSError, AttributeError
        This build of llama-cpp-python does not show them.
    """
    return _Ggml()


class BelowHead:
    """Stops llama.cpp's graph below the output layer when a head is used, and keeps what is there.

    llama.cpp asks for every node of its graph whether it is to be shown, computes all up to one that is, shows it,
    and goes on if it is told to.

    Attributes
    ----------
    callback : ctypes function
        For ``llama_context_params.cb_eval``.
    stops : bool
        Whether the next graph is stopped; otherwise it is computed as if nobody looked.
    """

    def __init__(self) -> None:
        self.stops = False
        self.callback = llama_cpp.llama_cpp.ggml_backend_sched_eval_callback(self._pass)
        self._values: NDArray[np.float32] | None = None

    def _pass(self, node: int, ask: bool, _user_data: object) -> bool:
        if ask:
            return self.stops and ggml().name(node) == _BELOW_HEAD
        self._values = ggml().bytes_of(node).view(np.float32).copy()
        return False

    def take(self, n_rows: int) -> NDArray[np.float32]:
        """Return what the output layer would have been multiplied by, shape (n_rows, width), once.

        Raises
        ------
        ModelError
            The graph was not stopped there.
        """
        values, self._values = self._values, None
        if values is None or values.size % n_rows:
            raise ModelError("llama.cpp did not stop below the output layer")
        return values.reshape(n_rows, -1)


class OutputLayer:
    """The rows of a model's output layer, in its file.

    Parameters
    ----------
    path : Path
        The GGUF file; it stays mapped.

    Raises
    ------
    OSError, ValueError, KeyError
        It is not laid out as expected.
    """

    def __init__(self, path: Path) -> None:
        tensors = read_gguf(path).tensors
        tensor = tensors.get("output.weight") or tensors["token_embd.weight"]
        self.width, n_tokens = tensor.shape
        self.kind = tensor.kind
        self.rows = tensor.data.reshape(n_tokens, -1)


class Head:
    """The output layer over some tokens.

    Parameters
    ----------
    layer : OutputLayer
        Of the whole model.
    tokens : ndarray of int, shape (n,)
        Ascending.

    Attributes
    ----------
    tokens : ndarray of int, shape (n,)
    """

    def __init__(self, layer: OutputLayer, tokens: NDArray[np.intp]) -> None:
        self.tokens = tokens
        self._ggml = ggml()
        size = len(tokens) * layer.rows.shape[1]
        self._context = self._ggml.init(_InitParams(size + _ROOM, None, False))
        weakref.finalize(self, self._ggml.free, self._context)
        self._width = layer.width
        self._rows = self._ggml.tensor(self._context, layer.kind, layer.width, len(tokens))
        self._ggml.bytes_of(self._rows).reshape(len(tokens), -1)[:] = layer.rows[tokens]

    def logits(self, hidden: NDArray[np.float32], n_threads: int) -> NDArray[np.float32]:
        """Return the logits of `tokens` for each row of `hidden`, shapes (m, n) and (m, width)."""
        lib, m = self._ggml, len(hidden)
        size = m * (8 * self._width + 4 * len(self.tokens)) + _ROOM
        context = lib.init(_InitParams(size, None, False))
        try:
            given = lib.tensor(context, _F32, self._width, m)
            lib.bytes_of(given)[:] = hidden.reshape(-1).view(np.uint8)
            product = lib.product(context, self._rows, given)
            graph = lib.graph(context, 4, False)
            lib.add(graph, product)
            lib.compute(context, graph, n_threads)
            logits: NDArray[np.float32] = lib.bytes_of(product).view(np.float32).reshape(m, -1).copy()
        finally:
            lib.free(context)
        return logits
