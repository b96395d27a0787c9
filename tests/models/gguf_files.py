"""Writes small GGUF files, whole or wrong."""

from __future__ import annotations

import struct

MODEL = {"general.architecture": "gemma3", "general.name": "A small model", "general.alignment": 32}


def text(value: str) -> bytes:
    """Return a GGUF string."""
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def pair(key: str, value: str | int | list[str] | list[float]) -> bytes:
    """Return a key and its value."""
    if isinstance(value, str):
        return text(key) + struct.pack("<I", 8) + text(value)
    if isinstance(value, int):
        return text(key) + struct.pack("<II", 4, value)
    kind = 8 if isinstance(value[0], str) else 6
    items = b"".join(text(v) if isinstance(v, str) else struct.pack("<f", v) for v in value)
    return text(key) + struct.pack("<IIQ", 9, kind, len(value)) + items


def gguf(
    version: int = 3,
    values: dict[str, str | int | list[str] | list[float]] | None = None,
    tensors: tuple[tuple[str, int, tuple[int, ...], int, int], ...] = (
        ("token_embd.weight", 12, (256, 2), 0, 288),
    ),
) -> bytes:
    """Return a whole file; a tensor is its name, ggml type, shape, offset and size in bytes."""
    values = MODEL if values is None else values
    data = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(values))
    data += b"".join(pair(key, value) for key, value in values.items())
    for name, kind, shape, offset, _ in tensors:
        data += text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)
    alignment = values.get("general.alignment", 32)
    assert isinstance(alignment, int)
    data += b"\0" * (-len(data) % alignment)
    return data + b"\1" * max((offset + size for *_, offset, size in tensors), default=0)
