"""Writes a whole model of a few kilobytes with random weights: a llama with a byte-level BPE vocabulary."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

WIDTH, HEADS, HIDDEN = 32, 2, 64
MERGES = ["Ġ I", "Ġ t", "h e", "Ġt he", "t o", "Ġt o", "o u", "Ġ y", "Ġy ou", "l i", "k e", "Ġ li", "Ġli ke"]


def _byte_letters() -> list[str]:
    """Return the letter that byte-level BPE writes for each byte (GPT-2's table)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {byte: chr(byte) for byte in printable}
    for byte in range(256):
        letters.setdefault(byte, chr(256 + len(letters) - len(printable)))
    return [letters[byte] for byte in range(256)]


def _text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def _pair(key: str, value: str | int | float | list[str] | list[int]) -> bytes:
    if isinstance(value, str):
        return _text(key) + struct.pack("<I", 8) + _text(value)
    if isinstance(value, int):
        return _text(key) + struct.pack("<II", 4, value)
    if isinstance(value, float):
        return _text(key) + struct.pack("<If", 6, value)
    kind = 8 if isinstance(value[0], str) else 5
    items = b"".join(_text(item) if isinstance(item, str) else struct.pack("<i", item) for item in value)
    return _text(key) + struct.pack("<IIQ", 9, kind, len(value)) + items


def write_tiny_model(
    path: Path, *, n_context: int = 512, seed: int = 1, more_merges: Sequence[str] = ()
) -> Path:
    """Write the model to `path` and return it."""
    merges = [*MERGES, *more_merges]
    tokens = [*_byte_letters(), *(merge.replace(" ", "") for merge in merges), "<|end|>"]
    end = len(tokens) - 1
    values: dict[str, str | int | float | list[str] | list[int]] = {
        "general.architecture": "llama",
        "general.name": "A tiny model",
        "llama.context_length": n_context,
        "llama.embedding_length": WIDTH,
        "llama.block_count": 1,
        "llama.feed_forward_length": HIDDEN,
        "llama.attention.head_count": HEADS,
        "llama.attention.head_count_kv": HEADS,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.dimension_count": WIDTH // HEADS,
        "llama.vocab_size": len(tokens),
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "gpt-2",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [1] * end + [3],
        "tokenizer.ggml.merges": merges,
        "tokenizer.ggml.bos_token_id": end,
        "tokenizer.ggml.eos_token_id": end,
    }
    shapes = {"token_embd": (len(tokens), WIDTH), "output_norm": (WIDTH,), "output": (len(tokens), WIDTH)}
    for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
        shapes[f"blk.0.{name}"] = (WIDTH, WIDTH)
    shapes |= {"blk.0.attn_norm": (WIDTH,), "blk.0.ffn_norm": (WIDTH,)}
    shapes |= {
        "blk.0.ffn_gate": (HIDDEN, WIDTH),
        "blk.0.ffn_up": (HIDDEN, WIDTH),
        "blk.0.ffn_down": (WIDTH, HIDDEN),
    }
    random = np.random.default_rng(seed)
    header, data = b"", b""
    for name, shape in shapes.items():
        header += _text(f"{name}.weight") + struct.pack("<I", len(shape))
        header += struct.pack(f"<{len(shape)}QIQ", *reversed(shape), 0, len(data))
        weights = np.ones(shape) if len(shape) == 1 else random.normal(0, 0.3, shape)
        data += weights.astype("<f4").tobytes()
        data += b"\0" * (-len(data) % 32)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), len(values))
    head += b"".join(_pair(key, value) for key, value in values.items()) + header
    path.write_bytes(head + b"\0" * (-len(head) % 32) + data)
    return path
