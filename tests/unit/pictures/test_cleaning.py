"""F3: what comes out holds the picture and nothing else of the file that came in."""

import threading
import zlib

import pytest
from PIL import Image, PngImagePlugin

from app import pictures
from app.errors import Unavailable
from app.pictures import CARD_SIZE, PAGE_SIDE, cleaning
from tests.unit.pictures.files import (
    CANARY,
    SIZE,
    drawing,
    file_of,
    is_red,
    jpeg,
    pixels,
    png,
    segments,
    swapping_red_and_blue,
    telling_exif,
    webp,
    with_thumbnail,
)

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
"""Pillow warns of what it reads past; the site goes on, and so do these tests."""

XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + CANARY + b"</x:xmpmeta>"
PLAIN_SEGMENTS = {0xE0, 0xDB, 0xC0, 0xC4}
"""JFIF's own, the tables, the frame: what no JPEG can do without."""


def text_chunks() -> PngImagePlugin.PngInfo:
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", CANARY.decode())
    told.add_itxt("XML:com.adobe.xmp", XMP.decode())
    told.add_text("Comment", CANARY.decode(), zip=True)
    return told


TELLING = {
    "jpeg": jpeg(exif=telling_exif(), xmp=XMP, comment=CANARY, dpi=(300, 300)),
    "thumbnail": with_thumbnail(),
    "png": png(pnginfo=text_chunks(), exif=telling_exif()),
    "webp": webp(exif=telling_exif(), xmp=XMP),
    "jpeg-and-zip": jpeg() + b"PK\x03\x04" + CANARY,
    "jpeg-and-page": jpeg() + b"<html><script>" + CANARY + b"</script></html>",
    "png-and-pdf": png() + b"%PDF-1.7 " + CANARY,
    "webp-and-script": webp() + b"#!/bin/sh\n" + CANARY,
    "jpeg-in-a-comment": jpeg(comment=b"*/=1;alert(1)/*" + CANARY),
}


@pytest.mark.parametrize("content", TELLING.values(), ids=TELLING.keys())
def test_f3_nothing_that_a_file_tells_beside_its_pixels_comes_out(content: bytes) -> None:
    assert CANARY in content or CANARY in zlib.decompress(content[content.index(b"zTXt") + 14 :])

    clean = pictures.clean(content)

    for picture in (clean.card, clean.page):
        assert set(segments(picture)) == PLAIN_SEGMENTS
        assert picture.endswith(b"\xff\xd9")
        assert CANARY not in picture
        assert not {"exif", "xmp", "comment", "icc_profile", "dpi"} & Image.open(cleaning.BytesIO(picture)).info.keys()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_kind_becomes_the_same_two_sizes_of_one_format(kind: str) -> None:
    clean = pictures.clean(file_of(drawing(size=(1200, 1600)), kind))

    card, page = pixels(clean.card), pixels(clean.page)
    assert (clean.card[:3], clean.page[:3]) == (b"\xff\xd8\xff",) * 2
    assert (card.size, page.size) == (CARD_SIZE, (PAGE_SIDE * 3 // 4, PAGE_SIDE))
    for picture in (card, page):
        assert [is_red(picture, at) for at in ((0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8))] == [True, *[False] * 3]


def test_the_same_bytes_give_the_same_pictures() -> None:
    assert pictures.clean(jpeg()) == pictures.clean(jpeg())


def test_a_small_picture_is_not_blown_up_for_a_page() -> None:
    assert pixels(pictures.clean(jpeg()).page).size == SIZE


@pytest.mark.parametrize(
    ("orientation", "red"),
    [(1, (0.2, 0.2)), (2, (0.8, 0.2)), (3, (0.8, 0.8)), (4, (0.2, 0.8)), (5, (0.2, 0.2)), (6, (0.8, 0.2)),
     (7, (0.8, 0.8)), (8, (0.2, 0.8)), (77, (0.2, 0.2))],
)  # fmt: skip
def test_a_picture_stands_upright_however_the_camera_was_held(orientation: int, red: tuple[float, float]) -> None:
    page = pixels(pictures.clean(jpeg(exif=telling_exif(orientation=orientation))).page)

    corners = [(0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8)]
    assert [at for at in corners if is_red(page, at)] == [red]
    assert (page.width > page.height) is (orientation in (5, 6, 7, 8))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "1"), ("PNG", "L"), ("PNG", "LA"), ("PNG", "P"), ("PNG", "RGBA"),
     ("PNG", "I;16"), ("WEBP", "RGBA")],
)  # fmt: skip
def test_every_way_to_write_colours_is_read(kind: str, mode: str) -> None:
    grey = drawing("L").point(lambda value: value * 256, "I") if mode == "I;16" else None
    image = grey.convert("I;16") if grey else drawing(mode)

    page = pixels(pictures.clean(file_of(image, kind)).page)

    lighter, darker = page.getpixel((20, 20)), page.getpixel((100, 140))
    assert page.size == SIZE
    assert lighter != darker or mode == "1"  # black and white are strewn
    if mode in ("CMYK", "P", "RGBA"):
        assert (is_red(page, (0.2, 0.2)), is_red(page, (0.8, 0.8))) == (True, False)


def test_a_grey_of_sixteen_bits_keeps_its_brightness() -> None:
    bright = Image.new("I;16", SIZE, 0xC0C0)

    assert pixels(pictures.clean(file_of(bright, "PNG")).page).getpixel((50, 50)) == (0xC0,) * 3


def test_what_shines_through_is_white() -> None:
    page = pixels(pictures.clean(file_of(Image.new("RGBA", SIZE, (0, 0, 0, 0)), "PNG")).page)

    assert page.getpixel((50, 50)) == (255, 255, 255)


def test_a_palette_with_a_see_through_colour_is_white_there() -> None:
    content = file_of(drawing("P"), "PNG", transparency=drawing("P").getpixel((100, 140)))

    page = pixels(pictures.clean(content).page)

    assert (is_red(page, (0.2, 0.2)), page.getpixel((100, 140))) == (True, (255, 255, 255))


def test_a_colour_profile_is_worked_in_and_gone() -> None:
    page = pictures.clean(jpeg(icc_profile=swapping_red_and_blue())).page

    assert b"ICC_PROFILE" not in page
    assert (is_red(pixels(page), (0.2, 0.2)), is_red(pixels(page), (0.8, 0.8))) == (False, True)


@pytest.mark.parametrize("profile", [b"no profile at all", b"\x00" * 200], ids=["words", "zeroes"])
def test_a_profile_that_nobody_can_read_is_left_out(profile: bytes) -> None:
    assert is_red(pixels(pictures.clean(jpeg(icc_profile=profile)).page), (0.2, 0.2))


def test_exif_that_nobody_can_read_is_left_out() -> None:
    assert is_red(pixels(pictures.clean(jpeg(exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff")).page), (0.2, 0.2))


def test_of_several_pictures_in_one_jpeg_the_first_is_taken() -> None:
    several = file_of(drawing(), "MPO", save_all=True, append_images=[Image.new("RGB", SIZE, "green")])

    assert is_red(pixels(pictures.clean(several).page), (0.2, 0.2))


def test_whoever_would_wait_too_long_for_their_turn_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "PATIENCE_SECONDS", 0.01)
    taken, done = threading.Event(), threading.Event()

    def keep_the_turn() -> None:
        with cleaning._turn():
            taken.set()
            done.wait(10)

    other = threading.Thread(target=keep_the_turn)
    other.start()
    taken.wait(10)
    try:
        with pytest.raises(Unavailable):
            pictures.clean(jpeg())
    finally:
        done.set()
        other.join()

    assert pictures.clean(jpeg())
