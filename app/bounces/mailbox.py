"""Mails out of a file or folder, one at a time: an mbox file, a Maildir, a folder of files, a single mail.

Read by hand, for the standard library's mailboxes take a line, and a mail, however long it is. Nothing is written,
moved or locked.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MOST_BYTES = 256 * 1024
"""Of a longer mail only its beginning is kept. What a server reports stands before the mail that it returns."""

LONGEST_LINE = 64 * 1024
BEGINNING = b"From "
MAILDIR = ("new", "cur")
MOST_OF_BEGINNING = 1024
AN_HOUR_NS = 3600 * 10**9
"""Longer than a mail takes from being written to standing in its folder, under the moment at which it was written."""


@dataclass(frozen=True)
class Unreadable:
    """A file that could not be read, and why, in the system's words."""

    name: str
    why: str


@dataclass(frozen=True, order=True)
class Mark:
    """How far a mailbox was read. In a file: up to the byte `at`, if what stands before it still has the digest `name`.
    In a folder: up to the file `name` among those written `at`, in nanoseconds.
    """

    at: int = 0
    name: str = ""


def messages(path: Path) -> Iterator[bytes | Unreadable]:
    """Each mail in the mailbox, the beginning of a long one; and each file that cannot be read, in its place."""
    return (found for _mark, found in following(path, Mark()))


def following(path: Path, mark: Mark) -> Iterator[tuple[Mark, bytes | Unreadable]]:
    """What `messages` finds beyond the mark, oldest first, each with the mark to go on from once it is dealt with.

    A mail server may write meanwhile, and somebody may empty the mailbox: what may still be half written, came under an
    earlier moment, could not be read or was just moved is found again from every later mark. A mark from another
    mailbox, or from before this one was emptied, leaves nothing out of a file.
    """
    if not path.is_dir():
        yield from _of_file(path, mark)
        return
    files: list[tuple[Mark, Path]] = []
    for folder in [path / name for name in MAILDIR if (path / name).is_dir()] or [path]:
        try:
            files += _listed(folder)
        except OSError as failure:
            yield mark, _unreadable(folder, failure)
            return
    yield from _of_folder(sorted(one for one in files if one[0] > mark), mark)


def _listed(folder: Path) -> list[tuple[Mark, Path]]:
    """The folder's files by when they were written; one that is gone by now stands under its new name, or nowhere."""
    found = []
    for file in folder.iterdir():
        if file.name.startswith(".") or file.is_dir():
            continue
        try:
            found.append((Mark(file.lstat().st_mtime_ns, file.name), file))
        except FileNotFoundError:
            continue
    return found


def _of_folder(files: list[tuple[Mark, Path]], mark: Mark) -> Iterator[tuple[Mark, bytes | Unreadable]]:
    held_back = False
    for number, (reached, file) in enumerate(files, start=1):
        if number == len(files):
            reached = max(mark, Mark(reached.at - AN_HOUR_NS))
        for _in_file, found in _of_file(file, Mark()):
            held_back = held_back or isinstance(found, Unreadable)
            mark = mark if held_back else reached
            if not isinstance(found, Unreadable) or os.path.lexists(file):
                yield mark, found


def _of_file(path: Path, mark: Mark) -> Iterator[tuple[Mark, bytes | Unreadable]]:
    try:
        if path.exists() and not path.is_file():  # opening a pipe would wait for whoever writes to it
            yield mark, Unreadable(path.name, "it is no file")
            return
        with path.open("rb") as file:
            yield from _split(file, mark)
    except OSError as failure:
        yield mark, _unreadable(path, failure)


def _unreadable(path: Path, failure: OSError) -> Unreadable:
    return Unreadable(path.name, failure.strerror or type(failure).__name__)


def _split(file: BinaryIO, mark: Mark) -> Iterator[tuple[Mark, bytes]]:
    """The mails of an mbox file, which begin with a line of their own after an empty one; else the file's one mail."""
    beginning = file.read(MOST_OF_BEGINNING)
    start = mark.at if mark == _reached(mark.at, beginning) else 0
    file.seek(start)
    first = file.readline(LONGEST_LINE)
    if not first.startswith(BEGINNING):
        if first and not start:
            yield Mark(), first + file.read(MOST_BYTES - len(first))
        return
    kept, after_empty = bytearray(), False
    while line := file.readline(LONGEST_LINE):
        if after_empty and line.startswith(BEGINNING):
            start = file.tell() - len(line)
            yield _reached(start, beginning), bytes(kept)
            kept.clear()
        elif len(kept) < MOST_BYTES:
            kept += line
        after_empty = line in (b"\n", b"\r\n")
    yield _reached(start, beginning), bytes(kept)


def _reached(at: int, beginning: bytes) -> Mark:
    return Mark(at, hashlib.sha256(beginning[:at]).hexdigest()) if at else Mark()
