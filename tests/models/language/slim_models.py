"""Writes whole models of a few kilobytes whose vocabularies hold words in several scripts."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.gguf_file import Tensor, Value, read_gguf, write_gguf
from models.language.kept_tokens import byte_letters
from tests.models.language.tiny_model import WIDTH, write_tiny_model


def merges_for(text: str) -> list[str]:
    """Return the merges that make `text` one token of a byte-level vocabulary."""
    letters = [byte_letters()[byte] for byte in text.encode()]
    return [f"{''.join(letters[:i])} {letters[i]}" for i in range(1, len(letters))]


def write_byte_level(path: Path) -> Path:
    """Write a whole model with a byte-level BPE vocabulary: words in Cyrillic, Chinese and Arabic, an emoji."""
    merges = [m for text in ("привет", "日本語中文字国人水", "شكرا", "😀", "’") for m in merges_for(text)]
    return write_tiny_model(path, more_merges=list(dict.fromkeys(merges)))


def write_sentencepiece(path: Path) -> Path:
    """Write a whole model with a SentencePiece vocabulary: every byte, some letters, words in four scripts."""
    model = read_gguf(write_tiny_model(path.with_suffix(".bpe")))
    special = [b"<unk>", b"<s>", b"</s>", *(b"<unused%d>" % i for i in range(20))]
    data = [b"<0x%02X>" % byte for byte in range(256)]
    words = "▁ t h e th the ▁the a n d an and п р и в е т пр ив прив ет привет ▁привет"
    parts = (words + " é ł 😀 😀😀 日 本 日本 語 日本語 ش ك ر شكر").split(" ")
    tokens = [*special, *data, *(part.encode() for part in parts)]
    kinds = [2, 3, 3, *[3] * 20, *[6] * 256, *[1] * len(parts)]
    scores = [0.0] * (len(special) + 256) + [-float(len(parts) - i) for i in range(len(parts))]
    values = {key: value for key, value in model.values.items() if not key.startswith("tokenizer.")}
    values |= {
        "llama.vocab_size": Value(4, np.array([len(tokens)], "<u4")),
        "tokenizer.ggml.model": Value.text("llama"),
        "tokenizer.ggml.tokens": Value(8, tokens, is_array=True),
        "tokenizer.ggml.scores": Value(6, np.array(scores, "<f4"), is_array=True),
        "tokenizer.ggml.token_type": Value(5, np.array(kinds, "<i4"), is_array=True),
        "tokenizer.ggml.bos_token_id": Value(4, np.array([1], "<u4")),
        "tokenizer.ggml.eos_token_id": Value(4, np.array([2], "<u4")),
        "tokenizer.ggml.unknown_token_id": Value(4, np.array([0], "<u4")),
    }
    tensors = dict(model.tensors)
    random = np.random.default_rng(2)
    for name in ("token_embd.weight", "output.weight"):
        weights = random.normal(0, 0.3, (len(tokens), WIDTH)).astype("<f4")
        tensors[name] = Tensor((WIDTH, len(tokens)), 0, weights.reshape(-1).view(np.uint8))
    with path.open("wb") as file:
        write_gguf(file, values, tensors)
    return path
