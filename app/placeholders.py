"""Declared `((placeholders))` in texts that people edit: letter templates and mails. Pure.

A plain replacement in one pass: nothing is evaluated, what a value holds is never read again, and every other sort of
brace or bracket is text like any other (docs/threats.md W3).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.errors import BadInput, TextProblem

_PLACEHOLDER: Final = re.compile(r"\(\(([^()]*)\)\)")


class UnknownPlaceholder(BadInput):
    """A text asks for something that is not declared; `names` holds every such name once, in the text's order."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(dict.fromkeys(names))
        listed = ", ".join(written(name) for name in self.names)
        super().__init__(f"There is no such placeholder: {listed}.")


class Fault(StrEnum):
    """What is wrong with a placeholder where it stands, or with its standing nowhere."""

    UNKNOWN = "unknown"
    RESTRICTED = "restricted"
    MISSING = "missing"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class PlaceholderFault:
    """One fault: of which placeholder, and in which line, counted from 1; a missing one is in none."""

    fault: Fault
    name: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """What one text may ask for: what it has to hold, what it may hold, and what exists but is not for it.

    Of those that are allowed, the ones in `once` stand at most once.
    """

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()

    @property
    def allowed(self) -> frozenset[str]:
        """Everything that may stand in the text."""
        return self.required | self.optional


def N_(sentence: str) -> str:  # noqa: N802 - the name that gettext's extractors look for
    """Mark a sentence for translation and leave it as it is."""
    return sentence


_SENTENCES: Final[Mapping[Fault, str]] = {
    Fault.UNKNOWN: N_("line %(line)d: there is no placeholder %(name)s"),
    Fault.RESTRICTED: N_("line %(line)d: %(name)s may not stand in this text"),
    Fault.MISSING: N_("%(name)s is missing"),
    Fault.REPEATED: N_("line %(line)d: %(name)s stands here a second time"),
}


def written(name: str) -> str:
    """The placeholder as it stands in a text."""
    return f"(({name}))"


def names_in(text: str) -> list[str]:
    """The names of all placeholders in `text`, declared or not, in its order."""
    return [found.group(1) for found in _PLACEHOLDER.finditer(text)]


def check(text: str, *, declared: Collection[str]) -> None:
    """Raise UnknownPlaceholder naming everything that `text` asks for and nobody declared."""
    unknown = [name for name in names_in(text) if name not in declared]
    if unknown:
        raise UnknownPlaceholder(unknown)


def faults(text: str, *, declared: Declared) -> Iterator[PlaceholderFault]:
    """Everything that is wrong with the placeholders of `text`, in its order; then what is missing."""
    met: list[str] = []
    for found in _PLACEHOLDER.finditer(text):
        name, line = found.group(1), text.count("\n", 0, found.start()) + 1
        if name not in declared.allowed:
            yield PlaceholderFault(Fault.RESTRICTED if name in declared.elsewhere else Fault.UNKNOWN, name, line)
        elif name in declared.once and name in met:
            yield PlaceholderFault(Fault.REPEATED, name, line)
        met.append(name)
    for name in sorted(declared.required - set(met)):
        yield PlaceholderFault(Fault.MISSING, name)


def problems(part: str, text: str, *, declared: Declared) -> list[TextProblem]:
    """The faults of one part of a text, in words."""
    return [
        TextProblem(part, _SENTENCES[found.fault], {"line": found.line, "name": written(found.name)})
        for found in faults(text, declared=declared)
    ]


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with each placeholder replaced by its value, as it stands. Raises UnknownPlaceholder."""
    check(text, declared=values)
    return fill_known(text, values)


def fill_known(text: str, values: Mapping[str, str]) -> str:
    """`text` with each placeholder that has a value replaced by it; every other one stays as it stands."""
    return _PLACEHOLDER.sub(lambda found: values.get(found.group(1), found.group()), text)
