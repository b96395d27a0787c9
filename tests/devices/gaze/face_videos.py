"""Videos of a face that anybody may use, written without OpenCV: it would break the Qt of other tests."""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage import data

Picture = NDArray[np.uint8]

WIDTH_PX, HEIGHT_PX = 640, 360
MJPEG_FPS = 25.0  # what players take for a bare stream of JPEGs
_CENTRE = (225.0, 120.0)  # of the face in the photo, and its width, in px
_WIDTH = 92.0


@functools.cache
def _head() -> Image.Image:
    """Head and shoulders: all of the photo would cover a second face."""
    photo = Image.fromarray(data.astronaut())
    left, top = (round(c - reach * _WIDTH) for c, reach in zip(_CENTRE, (0.9, 1.1), strict=True))
    right, bottom = (round(c + reach * _WIDTH) for c, reach in zip(_CENTRE, (0.9, 1.1), strict=True))
    there = Image.new("L", photo.size, 0)
    there.paste(255, (left, top, right, bottom))
    photo.putalpha(there)
    return photo


def face(
    share: float,
    centre: tuple[float, float] = (0.5, 0.5),
    *,
    size: tuple[int, int] = (WIDTH_PX, HEIGHT_PX),
    degrees: float = 0.0,
    on: Picture | None = None,
) -> Picture:
    """A picture in which a face takes up this share of the width, before a plain wall or `on` another picture."""
    width, height = size
    scale = _WIDTH / (share * width)
    turn = np.radians(degrees)
    a, b = scale * np.cos(turn), scale * np.sin(turn)
    x, y = centre[0] * width, centre[1] * height
    matrix = (a, b, _CENTRE[0] - a * x - b * y, -b, a, _CENTRE[1] + b * x - a * y)
    head = _head().transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
    picture = Image.new("RGB", size, (90, 90, 90)) if on is None else Image.fromarray(on)
    picture.paste(head, mask=head.getchannel("A"))
    return np.asarray(picture)


def walking(count: int, size: tuple[int, int] = (WIDTH_PX, HEIGHT_PX)) -> list[Picture]:
    """A face that moves gently from side to side, and nods its head."""
    return [
        face(
            0.25,
            (0.5 + 0.05 * np.sin(k / 7), 0.5 + 0.02 * np.cos(k / 5)),
            degrees=4 * np.sin(k / 11),
            size=size,
        )
        for k in range(count)
    ]


def darker(picture: Picture, factor: float) -> Picture:
    """The same with less light."""
    return (picture * factor).astype(np.uint8)


def with_glare(picture: Picture, share: float) -> Picture:
    """The same with a lamp that is reflected over both eyes; the face is in the middle, as wide as `share`."""
    shining = picture.copy()
    height, width = picture.shape[:2]
    unit = share * width
    for side in (-1, 1):
        x, y = width / 2 + side * 0.22 * unit, height / 2 - 0.15 * unit
        shining[
            round(y - 0.04 * unit) : round(y + 0.03 * unit), round(x - 0.06 * unit) : round(x + 0.06 * unit)
        ] = 255
    return shining


def write_mjpeg(path: Path, pictures: Sequence[Picture]) -> Path:
    """Write a bare stream of JPEGs; their sizes may differ."""
    stream = io.BytesIO()
    for picture in pictures:
        Image.fromarray(picture).save(stream, "JPEG", quality=92)
    path.write_bytes(stream.getvalue())
    return path


def write_slow(path: Path, pictures: Sequence[Picture], fps: float) -> Path:
    """Write an animated PNG with this rate."""
    first, *others = (Image.fromarray(picture) for picture in pictures)
    first.save(path, "PNG", save_all=True, append_images=others, duration=1000 / fps, compress_level=1)
    return path
