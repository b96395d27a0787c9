"""models.language: one llama.cpp model and context, through llama-cpp-python's ctypes layer."""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import llama_cpp as llama
import numpy as np
from numpy.typing import NDArray

from models.language.errors import ModelError
from models.language.head import BelowHead, Head, OutputLayer, ggml

N_SEQUENCES = 128
"""Sequences at once; llama.cpp keeps a row of logits for each, 1 MB with 262,144 tokens."""

N_CONTEXT = 1568
LEAST_CONTEXT = 512
N_BATCH = 128
"""Tokens read at once; a newer request waits until they are read."""

_ROWS_TOGETHER = 4
"""The matrix kernels compute the rows of four tokens at once: seven rows cost a sixth more than eight."""

_PADDING = N_SEQUENCES  # the sequence of tokens that only fill such a group up

_SAME = 1e-3  # in logits; both ways compute the same products

_LOG_LEVEL_CONTINUED = 5  # GGML_LOG_LEVEL_CONT: goes on with the line before


class BatchToken(NamedTuple):
    """One token of a batch: where it stands, in which sequence, and whether its row of logits is wanted."""

    token: int
    position: int
    sequence: int
    wanted: bool


class Runtime:
    """A loaded model with one KV cache that `N_SEQUENCES` sequences share.

    The cache is unified and keeps the whole sliding window, so that forking a sequence only copies
    bookkeeping and a prompt can be cut back to any length.

    Parameters
    ----------
    path : Path
        A GGUF file; it is memory mapped.
    n_threads : int
        Threads that compute.

    Attributes
    ----------
    n_vocab : int
        Tokens in the vocabulary.
    n_context : int
        Tokens that fit in the cache, all sequences together.

    Raises
    ------
    ModelError
        llama.cpp cannot load the file, or the model does not write text.
    """

    def __init__(self, path: Path, n_threads: int) -> None:
        self._log: deque[str] = deque(maxlen=6)
        self._log_callback = llama.llama_log_callback(self._keep_log)
        llama.llama_log_set(self._log_callback, ctypes.c_void_p(0))
        self._model: Any = None
        self._context: Any = None
        self._path = path
        self._n_threads = n_threads
        self._below_head = BelowHead()
        self._short_rows: dict[int, NDArray[np.float32]] = {}  # by index in the last batch
        llama.llama_backend_init()
        self._batch = llama.llama_batch_init(N_BATCH, 0, 1)
        try:
            self._load(path, n_threads)
        except BaseException:
            self.close()
            raise

    def _load(self, path: Path, n_threads: int) -> None:
        model_params = llama.llama_model_default_params()
        model_params.n_gpu_layers = 0
        model_params.load_mode = llama.LLAMA_LOAD_MODE_MMAP
        # Repacked weights would be copied out of the mapped file, and are no faster for few rows.
        model_params.use_extra_bufts = False
        self._model = llama.llama_model_load_from_file(str(path).encode(), model_params)
        if self._model is None:
            raise ModelError(f"llama.cpp cannot load {path.name}: {self._last_log()}")
        self._vocab: Any = llama.llama_model_get_vocab(self._model)
        self.n_vocab: int = int(llama.llama_vocab_n_tokens(self._vocab))
        if (
            not llama.llama_model_has_decoder(self._model)
            or llama.llama_vocab_type(self._vocab) == llama.LLAMA_VOCAB_TYPE_NONE
        ):
            raise ModelError(f"{path.name} is not a model that writes text")
        n_trained = int(llama.llama_model_n_ctx_train(self._model))
        if n_trained < LEAST_CONTEXT:
            raise ModelError(f"{path.name} sees only {n_trained} tokens, and {LEAST_CONTEXT} are needed")
        params = llama.llama_context_default_params()
        params.n_ctx = min(N_CONTEXT, n_trained)
        params.n_batch = params.n_ubatch = N_BATCH
        params.n_seq_max = N_SEQUENCES + 1
        params.n_outputs_max = (
            N_SEQUENCES + _ROWS_TOGETHER
        )  # the default is one for each token of a batch: 0.5 GB
        params.kv_unified = True
        params.swa_full = True
        params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_DISABLED  # slower for many short sequences
        params.n_threads = params.n_threads_batch = n_threads
        params.no_perf = True
        params.cb_eval = self._below_head.callback
        self._context = llama.llama_init_from_model(self._model, params)
        if self._context is None:
            raise ModelError(f"llama.cpp cannot start {path.name}: {self._last_log()}")
        self._memory: Any = llama.llama_get_memory(self._context)
        self.n_context: int = int(llama.llama_n_ctx(self._context))

    def _keep_log(self, level: int, text: bytes, _user_data: object) -> None:
        line = text.decode("utf-8", "replace").strip()
        if not line.strip("."):
            return
        if level == _LOG_LEVEL_CONTINUED and self._log:
            self._log[-1] += f" {line}"
        else:
            self._log.append(line)

    def _last_log(self) -> str:
        return "; ".join(self._log) or "no reason was given"

    def close(self) -> None:
        """Free the context and the model. Nothing else may be called afterwards."""
        if self._context is not None:
            llama.llama_free(self._context)
        if self._model is not None:
            llama.llama_model_free(self._model)
        llama.llama_batch_free(self._batch)
        self._context = self._model = None
        # llama.cpp is left without a listener that may be gone before another model says something.
        llama.llama_log_set(ctypes.cast(0, llama.llama_log_callback), ctypes.c_void_p(0))

    def use_threads(self, n_threads: int) -> None:
        """Compute with so many threads from now on."""
        self._n_threads = n_threads
        llama.llama_set_n_threads(self._context, n_threads, n_threads)

    def tokenize(self, text: str, *, start: bool) -> list[int]:
        """Return the tokens of `text`; `start` puts the model's start token, if it has one, before them."""
        data = text.encode("utf-8", "replace")
        size = len(data) + 8
        tokens = (llama.llama_token * size)()
        count = llama.llama_tokenize(self._vocab, data, len(data), tokens, size, start, False)
        if count < 0:
            raise ModelError("the text could not be cut into tokens")
        return list(tokens[:count])

    def pieces(self) -> list[bytes]:
        """Return the bytes that each token stands for (b"" for control tokens). About 0.3 s for 262,144."""
        buffer = ctypes.create_string_buffer(512)
        to_piece, vocab = llama.llama_token_to_piece, self._vocab
        pieces = []
        for token in range(self.n_vocab):
            length = to_piece(vocab, token, buffer, 512, 0, False)
            pieces.append(buffer.raw[:length] if length > 0 else b"")
        return pieces

    def ends_text(self, token: int) -> bool:
        """Whether `token` ends what the model writes."""
        return bool(llama.llama_vocab_is_eog(self._vocab, token))

    def output_layer(self) -> OutputLayer | None:
        """Return the output layer for a `Head`, None where only llama.cpp can compute it.

        Both ways are tried and compared: a model may do more to its logits than multiply.
        """
        batch = [BatchToken(i, i, _PADDING, i % 2 == 1) for i in range(6)]
        tokens = np.arange(0, self.n_vocab, 97)
        rows: list[list[NDArray[np.float32]]] = []
        try:
            ggml()
            layer = OutputLayer(self._path)
            for head in (None, Head(layer, tokens)):
                self.decode(batch, head)
                rows.append([self.logits(i).copy() for i in (1, 3, 5)])
                self.drop(_PADDING)
        except (OSError, AttributeError, ValueError, KeyError, ModelError):
            self.drop(_PADDING)
            return None
        whole, short = np.array(rows[0])[:, tokens], np.array(rows[1])
        return layer if np.allclose(whole, short, atol=_SAME) else None

    def decode(self, batch: Sequence[BatchToken], head: Head | None = None) -> None:
        """Evaluate up to `N_BATCH` tokens at once; with a `head`, only its tokens get logits.

        Raises
        ------
        ModelError
            The context is full or the computation failed; the cache must be cleared.
        """
        wanted = [i for i, item in enumerate(batch) if item.wanted]
        n_padding = -len(wanted) % _ROWS_TOGETHER if len(wanted) > _ROWS_TOGETHER else 0
        padding = [BatchToken(0, i, _PADDING, True) for i in range(min(n_padding, N_BATCH - len(batch)))]
        raw = self._batch
        raw.n_tokens = len(batch) + len(padding)
        for i, (token, position, sequence, asked) in enumerate(chain(batch, padding)):
            raw.token[i] = token
            raw.pos[i] = position
            raw.n_seq_id[i] = 1
            raw.seq_id[i][0] = sequence
            raw.logits[i] = asked
        self._short_rows = {}
        self._below_head.stops = head is not None and bool(wanted)
        status = llama.llama_decode(self._context, raw)
        if status != 0:
            raise ModelError(f"llama.cpp stopped with status {status}: {self._last_log()}")
        if padding:
            self.drop(_PADDING)
        if head is not None and wanted:
            hidden = self._below_head.take(len(wanted) + len(padding))
            self._short_rows = dict(zip(wanted, head.logits(hidden, self._n_threads), strict=False))

    def logits(self, index: int) -> NDArray[np.float32]:
        """Return the row of token `index` of the last batch, shape (n_vocab,): a view until the next decode.

        Where a head over n tokens was used its shape is (n,), and it is nobody else's.
        """
        if self._short_rows:
            return self._short_rows[index]
        pointer = llama.llama_get_logits_ith(self._context, index)
        if not pointer:
            raise ModelError(f"llama.cpp gave no result: {self._last_log()}")
        return np.ctypeslib.as_array(pointer, shape=(self.n_vocab,))

    def fork(self, source: int, target: int, length: int = -1) -> None:
        """Let sequence `target` share the first `length` tokens of `source`, or all."""
        llama.llama_memory_seq_cp(self._memory, source, target, -1 if length < 0 else 0, length)

    def cut(self, sequence: int, length: int) -> bool:
        """Keep the first `length` tokens of a sequence; False if this kind of model cannot."""
        return bool(llama.llama_memory_seq_rm(self._memory, sequence, length, -1))

    def drop(self, sequence: int) -> None:
        """Forget a sequence."""
        llama.llama_memory_seq_rm(self._memory, sequence, -1, -1)

    def clear(self) -> None:
        """Forget every sequence."""
        llama.llama_memory_clear(self._memory, False)
