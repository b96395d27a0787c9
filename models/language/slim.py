"""models.language: a copy of a model without the tokens of other scripts: the same answers for less work.

A third of what a decode costs goes into the probabilities of tokens that nobody who writes Latin or Cyrillic letters
ever sees. In the copy they have no row in the embedding and the output; all others keep theirs bit for bit, and texts
are cut into tokens as before (`models.language.kept_tokens` says why).
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from models.gguf_file import UINT32, GgufFile, Tensor, Value, read_gguf, write_gguf
from models.language.errors import ModelError
from models.language.kept_tokens import NORMAL, kept_by_bytes, kept_by_sentencepiece

SOURCE_SHA256 = "sayso.source.sha256"
NOTICE = "sayso.notice"

_TOKENS = "tokenizer.ggml.tokens"
_KINDS = "tokenizer.ggml.token_type"
_MERGES = "tokenizer.ggml.merges"
_BY_TOKEN = ("token_embd.weight", "output.weight", "output.bias", "per_layer_token_embd.weight")
_LEAST_SAVED = 0.05  # of the tokens; less is not worth a second file


def write_slim(source: Path, source_sha256: str, file: BinaryIO) -> NDArray[np.intp]:
    """Write the copy of the GGUF `source` to `file` and return which of its tokens stay, in their order.

    Parameters
    ----------
    source : Path
        A whole GGUF with a SentencePiece or a byte-level BPE vocabulary.
    source_sha256 : str
        Its checksum, which the copy notes.
    file : binary file
        At its beginning.

    Raises
    ------
    ModelError
        A copy cannot be made of this model, or would save little.
    OSError
        `source` cannot be read or `file` not written.
    """
    try:
        model = read_gguf(source)
        kept = _kept(model)
        values = _values(model.values, kept)
    except (KeyError, ValueError, IndexError) as error:
        raise ModelError(f"{source.name} has a vocabulary that is not known here ({error})") from error
    if kept.mean() > 1 - _LEAST_SAVED:
        raise ModelError(f"{source.name} has few tokens of other scripts")
    values[SOURCE_SHA256] = Value.text(source_sha256)
    values[NOTICE] = Value.text(
        f"Modified by Sayso: a copy of {source.name} without the tokens of scripts other than Latin and Cyrillic."
    )
    tensors = {name: _tensor(name, tensor, kept) for name, tensor in model.tensors.items()}
    write_gguf(file, values, tensors)
    return np.flatnonzero(kept)


def _kept(model: GgufFile) -> NDArray[np.bool_]:
    values = model.values
    tokens = values[_TOKENS].data
    if not isinstance(tokens, list):
        raise ValueError("no list of tokens")
    kinds = [NORMAL] * len(tokens)
    if _KINDS in values:
        kinds = np.asarray(values[_KINDS].data).tolist()
    kind = values["tokenizer.ggml.model"].data
    if kind == b"llama":
        kept = kept_by_sentencepiece(tokens, kinds)
    elif kind == b"gpt2":
        kept = kept_by_bytes(tokens, kinds)
    else:
        raise ValueError(f"tokenizer {kind!r}")
    for key, value in values.items():
        if key.endswith("_token_id"):
            kept[value.number] = True
    return kept


def _values(values: dict[str, Value], kept: NDArray[np.bool_]) -> dict[str, Value]:
    numbers = np.cumsum(kept) - 1
    return {key: _value(key, value, kept, numbers) for key, value in values.items()} | (
        {_MERGES: _merges(values, kept)} if _MERGES in values else {}
    )


def _value(key: str, value: Value, kept: NDArray[np.bool_], numbers: NDArray[np.intp]) -> Value:
    if key.endswith("_token_id"):
        return Value(UINT32, np.array([numbers[value.number]], np.uint32))
    if key.endswith(".vocab_size"):
        return Value(UINT32, np.array([kept.sum()], np.uint32))
    if not key.startswith("tokenizer.ggml.") or key == _MERGES or not value.is_array:
        return value
    if len(value.data) != len(kept) or isinstance(value.data, bytes):
        raise ValueError(key)
    if isinstance(value.data, np.ndarray):
        return Value(value.kind, value.data[kept], is_array=True)
    return Value(value.kind, [value.data[i] for i in np.flatnonzero(kept)], is_array=True)


def _merges(values: dict[str, Value], kept: NDArray[np.bool_]) -> Value:
    """Return the merges whose parts and result stay, in their order: the order is their rank."""
    tokens, merges = values[_TOKENS].data, values[_MERGES].data
    if not isinstance(tokens, list) or not isinstance(merges, list):
        raise ValueError(_MERGES)
    texts = {tokens[i] for i in np.flatnonzero(kept)}
    left = []
    for merge in merges:
        first, _, second = merge.partition(b" ")
        if first in texts and second in texts and first + second in texts:
            left.append(merge)
    return Value(values[_MERGES].kind, left, is_array=True)


def _tensor(name: str, tensor: Tensor, kept: NDArray[np.bool_]) -> Tensor:
    if name in _BY_TOKEN:
        if tensor.shape[-1] != len(kept):
            raise ModelError(f"{name} has {tensor.shape[-1]} rows for {len(kept)} tokens")
        rows = tensor.data.reshape(len(kept), -1)[kept]
        return Tensor((*tensor.shape[:-1], int(kept.sum())), tensor.kind, rows.reshape(-1))
    if len(kept) in tensor.shape:
        raise ModelError(f"{name} is not known here")
    return tensor
