"""Rules for citations: what code, tests and documents point to can be opened, and holds what they say it holds.

A citation names a document (`docs/matching.md`), a place in one (`docs/domain.md, "Letters" 5`), a decision
(`docs/decisions/0003`) or a threat by its id. They are looked for where people write to people: in docstrings and
comments, in the names of tests, and in links from one document to another.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tests.architecture.source import ROOT, Source

THREATS = "docs/threats.md"

DOCUMENT = re.compile(r"(?<![\w./-])[\w/-]+\.md\b")
DECISION = re.compile(r"\bdocs/decisions/\d{4}(?!\d|-)")
PLACE = re.compile(r'([\w/-]+\.md), "([^"]+)"(?: (\d+)(?: (?:to|and) (\d+))?)?')
THREAT = re.compile(r"\b[AZWFPBCMO]\d{1,2}\b")
TEST_NAME = re.compile(r"^ *(?:async )?def (test_\w+)", re.MULTILINE)
THREAT_IN_NAME = re.compile(r"(?<=_)[azwfpbcmo]\d{1,2}(?=_|$)")
LINK = re.compile(r"\]\(([^)\s#]+)")
TEST_FILE = re.compile(r"`([\w/]+/test_\w+\.py)`")
COMMENTS = {
    ".html": re.compile(r"\{#.*?#\}", re.DOTALL),
    ".txt": re.compile(r"\{#.*?#\}", re.DOTALL),
    ".css": re.compile(r"/\*.*?\*/", re.DOTALL),
    ".js": re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL),
}


@dataclass(frozen=True)
class Library:
    """The documents that a reader of the checkout can open: their texts by their paths from its root."""

    documents: dict[str, str]

    @classmethod
    def of_checkout(cls) -> "Library":
        """Whatever lies at the root and under `docs/`."""
        paths = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        return cls({path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths})

    def find(self, name: str) -> str | None:
        """The text of a document that is named from the root, or from `docs/`."""
        return self.documents.get(name, self.documents.get(f"docs/{name}"))

    def decides(self, decision: str) -> bool:
        """Whether a decision of this number was written down."""
        return any(path.startswith(f"{decision}-") for path in self.documents)

    def threats(self) -> frozenset[str]:
        """The ids that the list of threats speaks of."""
        return frozenset(THREAT.findall(self.find(THREATS) or ""))


def written_to_people(source: Source) -> Iterator[tuple[int, str]]:
    """Every docstring and comment with the line it begins on, on one line."""
    suffix = PurePosixPath(source.path).suffix
    if suffix != ".py":
        for comment in COMMENTS[suffix].finditer(source.text):
            yield source.text.count("\n", 0, comment.start()) + 1, " ".join(comment.group().split())
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, " ".join(node.value.value.split())
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def citation_offences(source: Source, library: Library) -> Iterator[str]:
    """Every citation of the file that leads nowhere."""
    for line, text in written_to_people(source):
        for name in DOCUMENT.findall(text):
            if library.find(name) is None:
                yield source.at(line, f"there is no document `{name}` at the root or under docs/")
        for decision in DECISION.findall(text):
            if not library.decides(decision):
                yield source.at(line, f"there is no decision `{decision}`")
        for document, heading, *numbers in PLACE.findall(text):
            if not _holds(library.find(document), heading, [int(number) for number in numbers if number]):
                yield source.at(
                    line, f"`{document}` has no such heading or item: “{heading}” {' '.join(numbers)}".strip()
                )
        for threat in sorted(set(THREAT.findall(text)) - library.threats()):
            yield source.at(line, f"{THREATS} knows no {threat}")


def name_offences(source: Source, library: Library) -> Iterator[str]:
    """Every test that is named after a threat that nobody wrote down."""
    for name in TEST_NAME.finditer(source.text):
        for threat in THREAT_IN_NAME.findall(name[1]):
            if threat.upper() not in library.threats():
                line = source.text.count("\n", 0, name.start(1)) + 1
                yield source.at(line, f"{THREATS} knows no {threat.upper()}")


def link_offences(path: str, text: str, *, root: Path = ROOT) -> Iterator[str]:
    """Every link of a document to a file that is not there, and every test file that it names in vain."""
    for target in LINK.findall(text):
        if "://" not in target and not (root / path).parent.joinpath(target).exists():
            yield f"{path}: `{target}` is not there"
    for test_file in TEST_FILE.findall(text):
        if not any((root / place / test_file).is_file() for place in (".", "tests")):
            yield f"{path}: `{test_file}` is not there"


def _holds(document: str | None, heading: str, numbers: list[int]) -> bool:
    """Whether the document has the heading, and below it these numbered items; what is missing is named elsewhere."""
    if document is None:
        return True
    parts = re.split(r"^#+ +(.+?) *$", document, flags=re.MULTILINE)
    below = dict(zip(parts[1::2], parts[2::2], strict=True)).get(heading)
    return below is not None and set(numbers) <= {int(n) for n in re.findall(r"^(\d+)\. ", below, re.MULTILINE)}
