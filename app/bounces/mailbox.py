"""Mails out of a file or folder, one at a time: an mbox file, a Maildir, a folder of files, a single mail.

Read by hand, for the standard library's mailboxes take a line, and a mail, however long it is. Nothing is written,
moved or locked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MOST_BYTES = 256 * 1024
"""Of a longer mail only its beginning is kept. What a server reports stands before the mail that it returns."""

LONGEST_LINE = 64 * 1024
BEGINNING = b"From "
MAILDIR = ("new", "cur")


@dataclass(frozen=True)
class Unreadable:
    """A file that could not be read, and why, in the system's words."""

    name: str
    why: str


def messages(path: Path) -> Iterator[bytes | Unreadable]:
    """Each mail in the mailbox, the beginning of a long one; and each file that cannot be read, in its place."""
    if not path.is_dir():
        yield from _of_file(path)
        return
    folders = [path / name for name in MAILDIR if (path / name).is_dir()] or [path]
    for folder in folders:
        try:
            files = sorted(file for file in folder.iterdir() if not file.name.startswith(".") and not file.is_dir())
        except OSError as failure:
            yield _unreadable(folder, failure)
            continue
        for file in files:
            yield from _of_file(file)


def _of_file(path: Path) -> Iterator[bytes | Unreadable]:
    try:
        if path.exists() and not path.is_file():  # opening a pipe would wait for whoever writes to it
            yield Unreadable(path.name, "it is no file")
            return
        with path.open("rb") as file:
            yield from _split(file)
    except OSError as failure:
        yield _unreadable(path, failure)


def _unreadable(path: Path, failure: OSError) -> Unreadable:
    return Unreadable(path.name, failure.strerror or type(failure).__name__)


def _split(file: BinaryIO) -> Iterator[bytes]:
    """The mails of an mbox file, which begin with a line of their own after an empty one; else the file's one mail."""
    first = file.readline(LONGEST_LINE)
    if not first.startswith(BEGINNING):
        if first:
            yield first + file.read(MOST_BYTES - len(first))
        return
    kept, after_empty = bytearray(), False
    while line := file.readline(LONGEST_LINE):
        if after_empty and line.startswith(BEGINNING):
            yield bytes(kept)
            kept.clear()
        elif len(kept) < MOST_BYTES:
            kept += line
        after_empty = line in (b"\n", b"\r\n")
    yield bytes(kept)
