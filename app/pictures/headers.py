"""What a file says of itself, read before anything is decoded: which kind, how large, how many scans. Pure.

A decoder makes room for as many pixels as the header claims, so a few bytes can ask for gigabytes; and a JPEG may ask
for all of its pixels to be gone over thousands of times. Both are refused here, where they cost nothing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.errors import BadInput

MOST_BYTES: Final = 6_000_000
MOST_PIXELS: Final = 25_000_000
"""As many as a good camera makes. The dearest that we could make (WebP with an alpha channel) took 1.3 seconds of
CPU and 345 MB, a JPEG 0.3 seconds and 55 MB; and one picture at a time is decoded in a process."""

SMALLEST_SIDE: Final = 64
MOST_SCANS: Final = 40
"""Of one JPEG; programs write up to a dozen."""

MOST_CHUNKS: Final = 20_000
"""Of one PNG; programs that write in pieces of two kilobytes reach three thousand."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_NEXT_MARKER: Final = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _END, _ALONE = 0xDA, 0xD9, frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})


class Refusal(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_MANY_BYTES = "too_many_bytes"
    UNKNOWN_KIND = "unknown_kind"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    MOVING = "moving"
    BROKEN = "broken"


class PictureRefused(BadInput):
    """A file that is no picture we take; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"The picture is refused: {refusal}.")
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Header:
    """The kind, in Pillow's word for it, and the size in pixels."""

    kind: str
    width: int
    height: int


def read(content: bytes) -> Header:
    """The header of a JPEG, PNG or WebP that may be decoded. Raises PictureRefused for everything else."""
    if not content:
        raise PictureRefused(Refusal.EMPTY)
    if len(content) > MOST_BYTES:
        raise PictureRefused(Refusal.TOO_MANY_BYTES)
    try:
        header = _reader(content)(content)
    except IndexError as short:
        raise PictureRefused(Refusal.BROKEN) from short
    if header.width * header.height > MOST_PIXELS:
        raise PictureRefused(Refusal.TOO_MANY_PIXELS)
    if min(header.width, header.height) < SMALLEST_SIDE:
        raise PictureRefused(Refusal.TOO_SMALL)
    return header


def _reader(content: bytes) -> Callable[[bytes], Header]:
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg
    if content.startswith(_PNG):
        return _png
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp
    raise PictureRefused(Refusal.UNKNOWN_KIND)


def _jpeg(content: bytes) -> Header:
    """Goes from segment to segment up to the end of the picture; what follows behind it is not looked at."""
    at, scans, header = 2, 0, None
    while (marker := _marker(content, at)) is not None:
        code, at = marker
        if code == _END:
            break
        if code in _ALONE:
            continue
        if code in _FRAMES:
            header = header or Header("JPEG", _big(content, at + 5, 2), _big(content, at + 3, 2))
        scans += code == _SCAN
        at += _big(content, at, 2)
    if marker is None or header is None or not 0 < scans <= MOST_SCANS:
        raise PictureRefused(Refusal.BROKEN)
    return header


def _marker(content: bytes, at: int) -> tuple[int, int] | None:
    """The code of the next marker and the place behind it; compressed pixels before it are skipped."""
    found = _NEXT_MARKER.search(content, at)
    return (found[1][0], found.end()) if found else None


def _png(content: bytes) -> Header:
    at, kinds = len(_PNG), set()
    for _chunk in range(MOST_CHUNKS):
        kind = content[at + 4 : at + 8]
        kinds.add(kind)
        at += 12 + _big(content, at, 4)
        if kind == b"IEND":
            break
    if b"acTL" in kinds:
        raise PictureRefused(Refusal.MOVING)
    if content[12:16] != b"IHDR" or b"IEND" not in kinds or at > len(content):
        raise PictureRefused(Refusal.BROKEN)
    return Header("PNG", _big(content, 16, 4), _big(content, 20, 4))


def _webp(content: bytes) -> Header:
    if len(content) < 8 + _little(content, 4, 4):
        raise PictureRefused(Refusal.BROKEN)
    kind, body = content[12:16], 20
    if kind == b"VP8X":
        if content[body] & 0b10:
            raise PictureRefused(Refusal.MOVING)
        return Header("WEBP", _little(content, body + 4, 3) + 1, _little(content, body + 7, 3) + 1)
    if kind == b"VP8L":
        bits = _little(content, body + 1, 4)
        return Header("WEBP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 ":
        return Header("WEBP", _little(content, body + 6, 2) & 0x3FFF, _little(content, body + 8, 2) & 0x3FFF)
    raise PictureRefused(Refusal.BROKEN)


def _big(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(_bytes(content, at, size), "big")


def _little(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(_bytes(content, at, size), "little")


def _bytes(content: bytes, at: int, size: int) -> bytes:
    """Exactly so many bytes. Raises IndexError where the file ends before."""
    if at + size > len(content):
        raise IndexError
    return content[at : at + size]
