"""F3: what is no picture that we take is refused by name, before it costs anything."""

import struct
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from app import pictures
from app.pictures import MOST_BYTES, PictureRefused, Refusal, headers
from tests.unit.pictures.files import CANARY, chunk, claiming, drawing, file_of, jpeg, png, png_of, webp

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
"""Pillow warns of what it reads past; the site goes on, and so do these tests."""

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BOMB = zlib.compress(bytes(60_000_000), 9)
"""Sixty megabytes of nothing in sixty kilobytes."""


def refusal_of(content: bytes) -> Refusal:
    with pytest.raises(PictureRefused) as refused:
        pictures.clean(content)
    return refused.value.refusal


@pytest.fixture
def undecoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that fails as soon as anything is handed to a decoder."""

    def fail(*_arguments: object, **_options: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(Image, "open", fail)


@pytest.mark.usefixtures("undecoded")
@pytest.mark.parametrize(
    "content",
    [SVG, b"\xef\xbb\xbf" + SVG, b"GIF89a" + bytes(100), b"%PDF-1.7", b"<html></html>", b"PK\x03\x04",
     b"BM" + bytes(60), b"II*\x00" + bytes(60), b"\xff\xd8", b"RIFF\x00\x00\x00\x00AVI ", b" " + jpeg(),
     b"GIF89a" + jpeg(), b"\x00\x00\x00\x20ftypheic"],
    ids=["svg", "svg-bom", "gif", "pdf", "page", "zip", "bmp", "tiff", "short", "riff", "shifted", "gif-jpeg", "heic"],
)  # fmt: skip
def test_f3_only_three_kinds_are_known_by_their_first_bytes(content: bytes) -> None:
    assert refusal_of(content) is Refusal.UNKNOWN_KIND


@pytest.mark.usefixtures("undecoded")
def test_f3_nothing_and_too_much_are_refused_unread() -> None:
    assert refusal_of(b"") is Refusal.EMPTY
    assert refusal_of(jpeg() + bytes(MOST_BYTES)) is Refusal.TOO_MANY_BYTES


def jpeg_claiming(width: int, height: int) -> bytes:
    plain = jpeg()
    at = plain.index(b"\xff\xc0") + 5
    return plain[:at] + struct.pack(">HH", height, width) + plain[at + 4 :]


def webp_claiming(width: int, height: int) -> bytes:
    body = b"\x10\x00\x00\x00" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunks = b"VP8X" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


def lossless_claiming(width: int, height: int) -> bytes:
    body = b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14)
    return b"RIFF" + struct.pack("<I", 12 + len(body)) + b"WEBP" + b"VP8L" + struct.pack("<I", len(body)) + body


def lossy_claiming(width: int, height: int) -> bytes:
    plain = webp()
    at = plain.index(b"\x9d\x01\x2a") + 3
    return plain[:at] + struct.pack("<HH", width, height) + plain[at + 4 :]


@pytest.mark.usefixtures("undecoded")
@pytest.mark.parametrize(
    "bomb",
    [claiming(20_000, 20_000), jpeg_claiming(65_000, 65_000), webp_claiming(16_384, 16_384),
     lossless_claiming(16_384, 16_384), lossy_claiming(16_383, 16_383), claiming(25_000_001, 1)],
    ids=["png", "jpeg", "webp", "lossless", "lossy", "line"],
)  # fmt: skip
def test_f3_a_pixel_bomb_is_refused_by_its_header(bomb: bytes) -> None:
    assert len(bomb) < 100_000
    assert refusal_of(bomb) is Refusal.TOO_MANY_PIXELS


@pytest.mark.parametrize("kind", [b"iCCP", b"zTXt", b"iTXt"])
def test_f3_what_is_packed_beside_the_pixels_is_not_unpacked_without_end(kind: bytes) -> None:
    told = {b"iCCP": b"x\x00\x00", b"zTXt": b"x\x00\x00", b"iTXt": b"x\x00\x01\x00\x00\x00"}[kind]

    assert refusal_of(claiming(100, 100, chunk(kind, told + BOMB))) is Refusal.BROKEN


@pytest.mark.usefixtures("undecoded")
def test_f3_a_jpeg_that_asks_for_endless_scans_is_refused() -> None:
    progressive = jpeg(progressive=True)
    last = progressive.rindex(b"\xff\xda")
    header = progressive[last : last + 2 + int.from_bytes(progressive[last + 2 : last + 4], "big")]

    assert refusal_of(progressive[:-2] + header * 1000 + b"\xff\xd9") is Refusal.BROKEN


def test_a_progressive_jpeg_is_taken() -> None:
    assert pictures.clean(jpeg(progressive=True))


@pytest.mark.usefixtures("undecoded")
def test_f3_a_png_of_countless_pieces_is_refused() -> None:
    assert refusal_of(png_of(*[chunk(b"tEXt", b"")] * 40_000)) is Refusal.BROKEN


@pytest.mark.usefixtures("undecoded")
@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_f3_a_picture_that_moves_is_refused(kind: str) -> None:
    frames = [Image.new("RGB", (80, 80), colour) for colour in ("red", "green", "blue")]

    assert refusal_of(file_of(frames[0], kind, save_all=True, append_images=frames[1:])) is Refusal.MOVING


@pytest.mark.parametrize(
    "content", [jpeg(), png(), webp(), webp(lossless=True)], ids=["jpeg", "png", "webp", "lossless"]
)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.8, 0.99])
def test_f3_a_file_that_breaks_off_is_refused(content: bytes, share: float) -> None:
    assert refusal_of(content[: int(len(content) * share)]) is Refusal.BROKEN


@pytest.mark.parametrize("size", [(1, 1), (63, 200), (200, 63)])
def test_a_speck_is_refused(size: tuple[int, int]) -> None:
    assert refusal_of(file_of(drawing(size=size), "PNG")) is Refusal.TOO_SMALL


def test_f3_a_header_that_the_decoder_reads_otherwise_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headers, "_reader", lambda _content: lambda _same: headers.Header("PNG", 70, 70))

    assert refusal_of(png()) is Refusal.BROKEN


def test_every_refusal_says_no_more_than_its_kind() -> None:
    with pytest.raises(PictureRefused) as refused:
        pictures.clean(CANARY)

    assert CANARY.decode() not in str(refused.value)


HEADS = (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP", b"RIFF\x20\x00\x00\x00WEBPVP8 ")


@pytest.mark.slow
@given(st.sampled_from(HEADS), st.binary(max_size=400))
@example(b"\xff\xd8\xff", b"\xda")
@example(b"\x89PNG\r\n\x1a\n", b"\xff" * 12)
def test_f3_whatever_comes_in_is_refused_by_name(head: bytes, rest: bytes) -> None:
    refusal_of(head + rest)


@pytest.mark.slow
@given(st.sampled_from([jpeg(), png(), webp(), webp(lossless=True)]), st.data())
def test_f3_a_damaged_picture_is_a_picture_or_refused_by_name(content: bytes, data: st.DataObject) -> None:
    damaged = bytearray(content)
    for _spot in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    try:
        clean = pictures.clean(bytes(damaged))
    except PictureRefused:
        return
    assert clean.card.startswith(b"\xff\xd8\xff")


def test_a_picture_with_many_words_is_taken_without_them() -> None:
    told = PngImagePlugin.PngInfo()
    for number in range(200):
        told.add_text(f"Comment{number}", "x" * 1_000)

    assert pictures.clean(png(pnginfo=told))
