"""From bytes to text, or a clear refusal. Pure.

UTF-8 and, with its byte order mark, UTF-16 are read. Windows-1251 and every other one-byte encoding are refused, not
guessed: each of them decodes any bytes into *some* name, and a wrong name in a letter's address is worse than one more
"save as UTF-8". Spreadsheets and archives are refused by their first bytes whatever they are called (docs/domain.md,
"Do no harm" 6).
"""

import codecs
import csv
import io
from pathlib import Path
from typing import BinaryIO, TextIO

from app.errors import BadInput
from app.importing.tables import delimiter

MAX_BYTES = 100_000_000
"""The largest file that is read, in bytes."""

_CHUNK = 1 << 20
_MAGIC = (
    (b"PK\x03\x04", "a zip archive or a spreadsheet"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel or Word document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a rar archive"),
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "a rich-text document"),
)


def load(data: bytes | Path | BinaryIO, *, filename: str, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a file, at most `limit` of them; raise BadInput for more, or where it cannot be read."""
    try:
        if isinstance(data, Path):
            with data.open("rb") as file:
                data = file.read(limit + 1)
        elif not isinstance(data, bytes):
            data = data.read(limit + 1)
    except OSError as failure:
        raise BadInput(f"{filename}: cannot be read: {failure.strerror or 'input error'}") from failure
    if len(data) > limit:
        raise BadInput(f"{filename}: larger than {limit // 1_000_000} MB")
    return data


def open_text(data: bytes, *, filename: str) -> TextIO:
    """The whole text, checked, its line ends untouched; raise BadInput naming the place of the first wrong byte."""
    what = next((name for magic, name in _MAGIC if data.startswith(magic)), None)
    if what:
        raise BadInput(f"{filename}: this is {what}; only CSV and JSON are read")
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    _check(data, encoding, filename=filename)
    text = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")
    if data.startswith(codecs.BOM_UTF8):
        text.read(1)
    return text


def _check(data: bytes, encoding: str, *, filename: str) -> None:
    """Decode piece by piece, so that a large file takes little memory."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(data) + 1, _CHUNK):
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(data[start : start + _CHUNK], final=start + _CHUNK > len(data))
        except UnicodeDecodeError as failure:
            at = start - pending + failure.start
            place = _place(data[:at].decode(encoding, errors="replace"))
            reason = f"wrong encoding, byte 0x{data[at]:02X} at position {at + 1} is not {encoding.upper()}"
            raise BadInput(f"{filename}: {place}: {reason}; save the file as UTF-8") from None
        if "\x00" in text:
            before = data[: max(start - pending, 0)].decode(encoding, errors="replace")
            place = _place(before + text[: text.index("\x00")])
            raise BadInput(f"{filename}: {place}: a NUL byte; this is no text file")


def _place(before: str) -> str:
    """Row and column of the character after `before`; its line where the file is JSON or too broken to count rows."""
    line = f"line {before.count(chr(10)) + 1}"
    if before.lstrip("\ufeff \t\r\n")[:1] in ("[", "{"):
        return line
    try:
        text = io.StringIO(before + "?", newline="")
        widths = [len(row) for row in csv.reader(text, delimiter=delimiter(text)) if row]
    except csv.Error:
        return line
    return f"row {len(widths) - 1}, column {widths[-1]}" if len(widths) > 1 else f"heading line, column {widths[-1]}"
