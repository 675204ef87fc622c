"""Whatever is cited can be opened: documents, places in them, decisions, threats, and the tests that play those."""

from pathlib import Path

import pytest

from tests.architecture.citations import (
    COMMENTS,
    Library,
    citation_offences,
    link_offences,
    name_offences,
)
from tests.architecture.source import ROOT, Source, python_sources

LIBRARY = Library(
    {
        "README.md": "# Vestka",
        "docs/domain.md": "# Rules\n\n## Letters\n\n1. In Cyrillic.\n2. Warm.\n\n## Do no harm\n\n1. Collect little.\n",
        "docs/threats.md": "| C2 | the last place | `database/test_at_once.py` |",
        "docs/decisions/0003-guards.md": "# 0003",
    }
)


def _pages() -> list[Source]:
    paths = (path for path in sorted((ROOT / "app").rglob("*")) if path.suffix in COMMENTS)
    return [Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths]


@pytest.mark.slow
def test_every_citation_in_code_leads_somewhere() -> None:
    library = Library.of_checkout()
    sources = [*python_sources("app", "scripts", "tests", "config.py", "wsgi.py"), *_pages()]

    offences = [offence for source in sources for offence in citation_offences(source, library)]

    assert not offences, "\n".join(offences)


def test_every_threat_in_a_tests_name_is_written_down() -> None:
    library = Library.of_checkout()

    offences = [offence for source in python_sources("tests") for offence in name_offences(source, library)]

    assert not offences, "\n".join(offences)


def test_every_link_of_a_document_leads_somewhere() -> None:
    documents = Library.of_checkout().documents

    offences = [offence for path, text in documents.items() for offence in link_offences(path, text)]

    assert not offences, "\n".join(offences)


@pytest.mark.parametrize(
    ("path", "text", "complaint"),
    [
        ("app/logs.py", '"""See contracts.md."""', "no document `contracts.md`"),
        ("app/logs.py", "LIFE = 99\n'''As in `docs/contracts.md`.'''", "no document `docs/contracts.md`"),
        ("app/logs.py", "def f():\n    return 1  # contracts.md says so", "no document `contracts.md`"),
        ("app/logs.py", '"""A rule (docs/domain.md, "Parcels")."""', "no such heading or item: “Parcels”"),
        ("app/logs.py", '"""A rule (docs/domain.md, "Letters" 3)."""', "no such heading or item: “Letters” 3"),
        ("app/logs.py", '"""Rules: docs/domain.md, "Do\nno harm" 1 to 2."""', "“Do no harm” 1 2"),
        ("app/logs.py", '"""As docs/decisions/0004 says."""', "no decision `docs/decisions/0004`"),
        ("tests/test_a.py", '"""The last place (C2, C3)."""', "docs/threats.md knows no C3"),
        ("app/templates/a.html", "<p>{# threats.md and treats.md #}</p>", "no document `treats.md`"),
        ("app/static/a.css", "/* The look (docs/looks.md). */", "no document `docs/looks.md`"),
    ],
)  # fmt: skip
def test_a_citation_that_leads_nowhere_is_named(path: str, text: str, complaint: str) -> None:
    [offence] = citation_offences(Source(path, text), LIBRARY)

    assert offence.startswith(f"{path}:")
    assert complaint in offence


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app/logs.py", '"""See README.md, domain.md, docs/domain.md and docs/decisions/0003 (C2)."""'),
        ("app/logs.py", '"""Rules: docs/domain.md, "Letters" 1 to 2, and docs/domain.md, "Do\nno harm"."""'),
        ("app/logs.py", 'PROVIDERS = {"mail.md", "contracts.md"}'),
        ("app/templates/a.html", '<path d="M83 28"/><p>contracts.md</p>'),
    ],
)
def test_a_citation_that_leads_somewhere_passes(path: str, text: str) -> None:
    assert list(citation_offences(Source(path, text), LIBRARY)) == []


@pytest.mark.parametrize("name", ["test_c3_of_two_one_wins", "test_markup_stays_text_c3"])
def test_a_test_named_after_no_threat_is_named(name: str) -> None:
    [offence] = name_offences(Source("tests/test_a.py", f"def {name}(): ..."), LIBRARY)
    assert offence == "tests/test_a.py:1: docs/threats.md knows no C3"

    assert list(name_offences(Source("tests/test_a.py", "def test_c2_of_two_one_wins(): ..."), LIBRARY)) == []


def test_a_link_to_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "look.md").touch()
    text = "[a](look.md) [b](look.md#top) [c](https://example.org/x.md) [d](gone.md) `web/test_gone.py`"

    offences = list(link_offences("docs/README.md", text, root=tmp_path))

    assert offences == ["docs/README.md: `gone.md` is not there", "docs/README.md: `web/test_gone.py` is not there"]
