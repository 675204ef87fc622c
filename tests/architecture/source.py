"""Source files as the rules see them: where a file stands, what it imports, and what its names stand for."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "app"


@dataclass(frozen=True)
class Import:
    """One imported name in full (`app.models.Match`), and the line it stands on."""

    name: str
    line: int


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the root of the checkout, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text, filename=self.path)

    @property
    def module(self) -> str:
        """The dotted name: `app/mail/outbox.py` is `app.mail.outbox`, and a package is called after its folder."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def package(self) -> str:
        """The package that relative imports start from."""
        return self.module if self.path.endswith("/__init__.py") else self.module.rpartition(".")[0]

    def at(self, line: int, complaint: str) -> str:
        """The complaint with its place in front."""
        return f"{self.path}:{line}: {complaint}"

    def imports(self) -> Iterator[Import]:
        """Everything this file imports, at its top, in functions and for type checking alike."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                origin = f"{self._origin(node)}." if isinstance(node, ast.ImportFrom) else ""
                yield from (Import(f"{origin}{alias.name}", node.lineno) for alias in node.names)

    def _origin(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        above = self.package.split(".")[: -(node.level - 1) or None]
        return ".".join([*above, *([node.module] if node.module else [])])

    @cached_property
    def _meanings(self) -> dict[str, str]:
        """What each imported local name stands for in full."""
        meanings = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    meanings[alias.asname or top] = alias.name if alias.asname else top
            elif isinstance(node, ast.ImportFrom):
                origin = self._origin(node)
                meanings |= {alias.asname or alias.name: f"{origin}.{alias.name}" for alias in node.names}
        return meanings

    def full_name(self, node: ast.expr) -> str | None:
        """What `dt.now` stands for after `from datetime import datetime as dt`: `datetime.datetime.now`."""
        if isinstance(node, ast.Attribute):
            owner = self.full_name(node.value)
            return f"{owner}.{node.attr}" if owner else None
        if isinstance(node, ast.Name):
            return self._meanings.get(node.id)
        return None

    def calls(self) -> Iterator[ast.Call]:
        """Every call in the file."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


def python_sources(*tops: str) -> list[Source]:
    """The Python files of these folders and files of the checkout."""
    paths: list[Path] = []
    for top in tops:
        place = ROOT / top
        paths += sorted(place.rglob("*.py")) if place.is_dir() else [place]
    return [Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths]
