"""Snapshots: what the site wrote when somebody last read it, kept as files that a change shows up in.

    .venv/bin/pytest tests/database/mail/test_snapshots.py --update-snapshots

writes them anew. Then `git diff tests/snapshots` is what recipients would notice, and is read before it is committed.
"""

import re
from pathlib import Path

from app.mail.messages.rendering import Rendered

MAILS = Path(__file__).parent / "mails"
SUFFIXES = (".txt", ".html")

_RANDOM = re.compile(r"(?<=/)(?:[a-z2-7]{16}|[\w-]{43,})(?=[/\s\"<]|$)")


def files_of(name: str) -> tuple[Path, Path]:
    """The two files of a mail: its subject and text, and its HTML."""
    text, html = (MAILS / f"{name}{suffix}" for suffix in SUFFIXES)
    return text, html


def contents_of(rendered: Rendered) -> tuple[str, str]:
    """What stands in the two files: the mail, with `RANDOM` for each id and token in its links."""
    ending = f"List-Unsubscribe: {rendered.unsubscribe}\n" if rendered.unsubscribe else ""
    text = f"Subject: {rendered.subject}\n{ending}\n{rendered.text}"
    return _RANDOM.sub("RANDOM", text), _RANDOM.sub("RANDOM", rendered.html.rstrip()) + "\n"


def check(name: str, rendered: Rendered, *, update: bool) -> None:
    """Compare the mail with its snapshot, or write the snapshot anew."""
    for path, content in zip(files_of(name), contents_of(rendered), strict=True):
        if update:
            path.write_text(content, encoding="utf-8")
        assert path.exists(), f"{path.name} is missing: look at the mail, then run pytest with --update-snapshots"
        assert content == path.read_text(encoding="utf-8"), f"{path.name} is not what is sent now"
