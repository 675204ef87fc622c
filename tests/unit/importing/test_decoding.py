"""From bytes to text (docs/threats.md, F2)."""

import codecs
import io

import pytest

from app.errors import BadInput
from app.importing import decoding
from app.importing.decoding import MAX_BYTES
from tests.unit.importing.lists import ALES, MACHINE, as_csv, staged

CYRILLIC = as_csv(MACHINE, ALES, ALES | {"id": "8", "url": "", "name": "Алесь Вымышлены"}).decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_and_without_its_mark(encoding: str) -> None:
    assert [person.name for person in staged(CYRILLIC.encode(encoding)).people] == [
        "Ales Vymyshleny",
        "Алесь Вымышлены",
    ]


@pytest.mark.parametrize(("mark", "encoding"), [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")])
def test_both_byte_orders_are_read(mark: bytes, encoding: str) -> None:
    assert len(staged(mark + CYRILLIC.encode(encoding)).people) == 2


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "mac-cyrillic"])
def test_another_encoding_is_refused_with_row_column_and_byte(encoding: str) -> None:
    data = CYRILLIC.encode(encoding)
    at = next(at for at, byte in enumerate(data) if byte > 127)
    with pytest.raises(BadInput) as refusal:
        staged(data)
    assert str(refusal.value) == (
        f"list.csv: row 2, column 3: wrong encoding, byte 0x{data[at]:02X} at position {at + 1} is not UTF-8; "
        "save the file as UTF-8"
    )


def test_a_wrong_byte_in_the_heading_line_is_said_to_be_there() -> None:
    with pytest.raises(BadInput, match="heading line, column 2: wrong encoding"):
        staged(b"id,\xff,name\n")


def test_a_wrong_byte_of_a_json_file_is_named_by_its_line() -> None:
    with pytest.raises(BadInput, match="line 2: wrong encoding"):
        staged(b'[\n{"name": "\xc0lena"}]')


def test_a_wrong_byte_behind_the_mark_and_far_into_the_file_is_counted_right() -> None:
    head = codecs.BOM_UTF8 + b"id,name\n" + b"1,\xd0\x90\n" * 300_000
    with pytest.raises(BadInput, match=f"row 300001, column 2: wrong encoding, byte 0xFF at position {len(head) + 3} "):
        staged(head + b"2,\xff\n")


@pytest.mark.parametrize("piece", range(1, 12))
def test_a_wrong_byte_is_counted_right_wherever_the_pieces_are_cut(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_CHUNK", piece)
    with pytest.raises(BadInput, match="row 1, column 2: wrong encoding, byte 0xFF at position 15 "):
        staged("id,name\n1,АБ".encode() + b"\xff")


def test_a_character_cut_in_two_at_the_end_is_refused() -> None:
    with pytest.raises(BadInput, match="row 1, column 2: wrong encoding, byte 0xD0"):
        staged(b"id,name\n1,\xd0")


@pytest.mark.parametrize(
    "data",
    [b"id,name\n1,Al\x00es\n", CYRILLIC.encode("utf-16-le"), ("\ufeffid,name\n1,Al\x00es\n").encode("utf-16-le")],
)
def test_nul_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"list.csv: (row 1, column 2|heading line, column 1): a NUL byte"):
        staged(data)


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"PK\x03\x04", "a zip archive or a spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel or Word document"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"%PDF-1.7", "a PDF document"),
    ],
)
def test_a_spreadsheet_or_archive_is_refused_whatever_its_name(start: bytes, what: str) -> None:
    with pytest.raises(BadInput, match=f"list.csv: this is {what}; only CSV and JSON are read"):
        staged(start + b"id,name\n" * 10)


def test_a_file_past_the_limit_is_refused_before_it_is_decoded() -> None:
    endless = bytes(MAX_BYTES + 1)
    with pytest.raises(BadInput, match=r"list\.csv: larger than 100 MB"):
        staged(endless)
    with pytest.raises(BadInput, match=r"list\.csv: larger than 100 MB"):
        staged(io.BytesIO(endless))


def test_a_filename_cannot_break_the_line() -> None:
    with pytest.raises(BadInput) as refusal:
        staged(b"", filename="a\nb\x1b[31m.csv")
    assert str(refusal.value) == "a b[31m.csv: the file is empty"
