"""Mails out of an mbox file, a Maildir, a folder or a single file, whatever else lies there."""

import mailbox
import os
import tracemalloc
from email import message_from_bytes
from pathlib import Path

import pytest

from app.bounces import Unreadable, messages
from app.bounces.mailbox import MOST_BYTES

MAILS = [b"Subject: one\n\nFirst.\n", b"Subject: two\n\nFrom here on it is quoted.\n", b"Subject: three\n\n"]


def _subjects(path: Path) -> list[str]:
    return [message_from_bytes(found)["Subject"] for found in messages(path) if isinstance(found, bytes)]


def test_an_mbox_file_as_the_standard_library_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "mbox"
    written = mailbox.mbox(path)
    for mail in MAILS:
        written.add(mail)
    written.close()

    assert _subjects(path) == ["one", "two", "three"]


def test_a_maildir_new_and_seen_but_not_what_is_still_being_written(tmp_path: Path) -> None:
    path = tmp_path / "Maildir"
    written = mailbox.Maildir(path)
    keys = [written.add(mail) for mail in MAILS]
    seen = written.get_message(keys[0])
    seen.set_subdir("cur")
    written[keys[0]] = seen
    (path / "tmp" / "half").write_bytes(b"Subject: half\n\n")

    assert sorted(_subjects(path)) == ["one", "three", "two"]


def test_a_folder_of_files_and_a_single_file(tmp_path: Path) -> None:
    for name, mail in zip("abc", MAILS, strict=True):
        (tmp_path / f"{name}.eml").write_bytes(mail)
    (tmp_path / ".uidlist").write_bytes(b"Subject: none\n\n")
    (tmp_path / "folder").mkdir()

    assert _subjects(tmp_path) == ["one", "two", "three"]
    assert _subjects(tmp_path / "b.eml") == ["two"]


def test_an_mbox_file_with_line_ends_of_mail(tmp_path: Path) -> None:
    path = tmp_path / "mbox"
    path.write_bytes(b"From x\r\nSubject: one\r\n\r\nFirst.\r\n\r\nFrom x\r\nSubject: two\r\n\r\n")

    assert _subjects(path) == ["one", "two"]


@pytest.mark.parametrize("content", [b"", b"From x\n", b"\n"])
def test_an_empty_mailbox_or_mail_is_no_trouble(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mbox"
    path.write_bytes(content)

    assert [found for found in messages(path) if isinstance(found, Unreadable)] == []


def test_what_cannot_be_read_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(MAILS[0])
    (tmp_path / "b.eml").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "c.eml")
    (tmp_path / "d.eml").write_bytes(MAILS[2])

    assert _subjects(tmp_path) == ["one", "three"]
    assert [found for found in messages(tmp_path) if isinstance(found, Unreadable)] == [
        Unreadable("b.eml", "No such file or directory"),
        Unreadable("c.eml", "it is no file"),
    ]


def test_memory_stays_small_however_long_lines_and_mails_are(tmp_path: Path) -> None:
    path = tmp_path / "mbox"
    with path.open("wb") as file:
        file.write(b"From x\nSubject: long\n\n")
        for _ in range(32):
            file.write(b"x" * 1024 * 1024)
        file.write(b"\n\nFrom x\nSubject: short\n\n")

    tracemalloc.start()
    subjects = _subjects(path)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert subjects == ["long", "short"]
    assert peak < 16 * MOST_BYTES
