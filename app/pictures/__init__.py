"""Photographs from outside, made clean: bytes in, two small JPEGs without anything but pixels out. Pure.

Nothing of the sender's file is handed on: no metadata, no thumbnail, no profile, nothing that was hidden behind the end
of the picture (docs/threats.md, F3). The same bytes give the same pictures, as long as Pillow stays the same.
"""

from app.pictures.cleaning import CARD_SIZE, PAGE_SIDE, Picture, clean
from app.pictures.headers import MOST_BYTES, MOST_PIXELS, PictureRefused, Refusal

__all__ = ["CARD_SIZE", "MOST_BYTES", "MOST_PIXELS", "PAGE_SIDE", "Picture", "PictureRefused", "Refusal", "clean"]
