"""Decoding to pixels, and encoding these anew. Pure."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import BoundedSemaphore
from typing import Final

from PIL import Image, ImageCms, ImageOps

from app.errors import Unavailable
from app.pictures import headers
from app.pictures.headers import Header, PictureRefused, Refusal

CARD_SIZE: Final = (168, 204)
"""Three pixels for each of a stamp's, as a good screen shows them."""

PAGE_SIDE: Final = 800
"""The longer side of the larger picture, which is never made larger than it came."""

QUALITY: Final = 82
PATIENCE_SECONDS: Final = 10
"""How long a picture waits for its turn; whoever comes later is asked to try again."""

_TURNED: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each value of EXIF's orientation."""

_ORIENTATION: Final = 0x0112
_FACES: Final = (0.5, 0.4)
"""Where a card is cut out: a face stands above the middle."""

_one_at_a_time = BoundedSemaphore(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Two JPEGs that hold pixels and nothing else."""

    card: bytes
    page: bytes


def clean(content: bytes) -> Picture:
    """The picture anew, cut for a card and whole for a page.

    Raises PictureRefused for what is no JPEG, PNG or WebP, too large, moving or broken; Unavailable where others wait
    so long already that this one would not get its turn.
    """
    header = headers.read(content)
    with _turn():
        try:
            page = _pixels(content, header)
        except PictureRefused:
            raise
        except Exception as broken:  # a decoder that is fed by strangers fails in ways that nobody has listed
            raise PictureRefused(Refusal.BROKEN) from broken
    card = ImageOps.fit(page, CARD_SIZE, Image.Resampling.LANCZOS, centering=_FACES)
    return Picture(card=_encoded(card), page=_encoded(page))


@contextmanager
def _turn() -> Iterator[None]:
    """The one place at which pictures are decoded, so that many at once do not take the memory of the machine."""
    if not _one_at_a_time.acquire(timeout=PATIENCE_SECONDS):
        raise Unavailable("Too many pictures come in at this moment.")
    try:
        yield
    finally:
        _one_at_a_time.release()


def _pixels(content: bytes, header: Header) -> Image.Image:
    """The picture upright, in RGB, no larger than a page needs."""
    with Image.open(BytesIO(content), formats=(header.kind,)) as image:
        if image.size != (header.width, header.height):
            raise PictureRefused(Refusal.BROKEN)
        turned, profile = _orientation(image), image.info.get("icc_profile")
        image.draft(image.mode, (2 * PAGE_SIDE, 2 * PAGE_SIDE))  # a JPEG's decoder halves it on the way
        image.load()
        small = _with_eight_bits(image)
        small.thumbnail((PAGE_SIDE, PAGE_SIDE), Image.Resampling.LANCZOS)
    upright = _in_srgb(_on_white(small), profile)
    return upright.transpose(_TURNED[turned]) if turned in _TURNED else upright


def _orientation(image: Image.Image) -> int | None:
    """What EXIF says of how the camera was held; None where it says nothing that can be read."""
    try:
        value = image.getexif().get(_ORIENTATION)
    except Exception:  # EXIF that cannot be read goes with the rest of it
        return None
    return value if isinstance(value, int) else None


def _with_eight_bits(image: Image.Image) -> Image.Image:
    """As grey, RGB, RGBA or CMYK with eight bits for each, which can be made smaller without dithering."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("L", "RGB", "RGBA", "CMYK"):
        return image.copy() if image.readonly else image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _on_white(image: Image.Image) -> Image.Image:
    """Without an alpha channel: what shone through is white."""
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours as a screen shows them; a profile that cannot be used is left out."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except Exception:
            return image.convert("RGB")
        return converted or image.convert("RGB")
    return image.convert("RGB")


def _encoded(image: Image.Image) -> bytes:
    """A JPEG of the pixels alone: what the image object still remembers of its file stays behind."""
    pixels, out = Image.frombytes("RGB", image.size, image.tobytes()), BytesIO()
    pixels.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
