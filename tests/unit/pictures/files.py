"""Picture files for tests, honest and otherwise, each made here: no file of anybody's lies in the project."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms

CANARY = b"canary-of-a-telephone-375-00"
SIZE = (120, 160)


def drawing(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """Red above and left, the rest blue: whatever is turned over can be told."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    return image.convert(mode)


def file_of(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The file as Pillow writes it."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(**options: Any) -> bytes:
    return file_of(drawing(), "JPEG", **options)


def png(**options: Any) -> bytes:
    return file_of(drawing(), "PNG", **options)


def webp(**options: Any) -> bytes:
    return file_of(drawing(), "WEBP", **options)


def telling_exif(*, orientation: int = 1) -> Image.Exif:
    """What a telephone writes: itself, its owner, the place."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = CANARY.decode()
    exif[0x013B] = CANARY.decode()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[29] = "N", (53.0, 54.0, 27.0), CANARY.decode()
    return exif


def with_thumbnail() -> bytes:
    """A JPEG whose EXIF holds another one, with a comment of its own, as cameras do."""
    thumbnail = file_of(drawing(size=(64, 64)), "JPEG", comment=CANARY)
    tiff = b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", 0) + struct.pack("<I", 14)
    ifd = struct.pack("<HHHIIHHIII", 2, 0x0201, 4, 1, 44, 0x0202, 4, 1, len(thumbnail), 0)
    body = b"Exif\x00\x00" + tiff + ifd + thumbnail
    segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    plain = jpeg()
    return plain[:2] + segment + plain[2:]


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def claiming(width: int, height: int, *more: bytes) -> bytes:
    """A PNG of a few kilobytes that unpacks to as many white pixels as it says."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    pack = zlib.compressobj(9)
    rows = b"".join(pack.compress(bytes(1 + (width + 7) // 8)) for _row in range(height)) + pack.flush()
    return png_of(header, *more, chunk(b"IDAT", rows), chunk(b"IEND", b""))


def swapping_red_and_blue() -> bytes:
    """The screen's colour profile with the tags of its red and its blue exchanged."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")
    assert swapped != profile
    return swapped


def pixels(content: bytes) -> Image.Image:
    """What a browser would show."""
    return Image.open(BytesIO(content)).convert("RGB")


def is_red(image: Image.Image, at: tuple[float, float]) -> bool:
    """Whether the picture is red at a place, given in shares of its width and height."""
    pixel = image.getpixel((int(image.width * at[0]), int(image.height * at[1])))
    assert isinstance(pixel, tuple)
    return pixel[0] > 150 and pixel[2] < 100


def segments(content: bytes) -> list[int]:
    """The markers of a JPEG up to its first scan."""
    found, at = [], 2
    while content[at + 1] != 0xDA:
        found.append(content[at + 1])
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return found
