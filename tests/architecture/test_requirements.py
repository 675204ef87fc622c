"""What is installed is pinned and hashed, names no address, and holds what pyproject.toml asks for."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires
from itertools import pairwise

import pytest
from packaging.requirements import Requirement

from tests.architecture.source import ROOT

FILES = ("app.txt", "dev.txt")
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)(\[[a-z,-]+\])?==\S+", re.MULTILINE)


def _pins(name: str) -> dict[str, str]:
    """Each pinned package and the lines that belong to it."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    starts = [match.start() for match in PIN.finditer(text)] + [len(text)]
    entries = [text[start:end] for start, end in pairwise(starts)]
    return {entry.partition("==")[0].partition("[")[0]: entry for entry in entries}


def _asked_for(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"]]
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    return {re.split(r"[\[<>=!~ ;]", line)[0].lower() for line in lines}


def _extras_asked_for(name: str, entry: str) -> Iterator[tuple[str, str]]:
    """Each other package that an installed one wants with an extra, as it is pinned here, and the extra."""
    own = Requirement(entry.split()[0]).extras | {""}
    for line in requires(name) or ():
        wanted = Requirement(line)
        if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in own):
            yield from ((wanted.name.lower(), extra) for extra in wanted.extras)


@pytest.mark.parametrize("name", FILES)
def test_every_package_is_pinned_with_its_hashes(name: str) -> None:
    pins = _pins(name)

    assert pins
    assert [package for package, entry in pins.items() if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", FILES)
def test_no_address_stands_in_the_file(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")

    assert re.findall(r"\S*(?:://|--\S*index|--find-links|\bfile:)\S*", text) == []


def test_everything_that_the_project_asks_for_is_pinned() -> None:
    assert _asked_for() - set(_pins("app.txt")) == set()
    assert _asked_for("dev") - set(_pins("dev.txt")) == set()


def test_a_pin_names_the_extras_that_other_packages_want() -> None:
    """pip takes `coverage==1` for no pin of `coverage[toml]` once a newer release is out, and installs nothing."""
    pins = _pins("dev.txt")

    wanted = {pair for name, entry in pins.items() for pair in _extras_asked_for(name, entry)}

    assert wanted
    assert {(name, extra) for name, extra in wanted if extra not in Requirement(pins[name].split()[0]).extras} == set()


def test_both_files_pin_the_same_versions() -> None:
    app, dev = _pins("app.txt"), _pins("dev.txt")

    versions = {name: (entry.split()[0], dev[name].split()[0]) for name, entry in app.items() if name in dev}

    assert {name: pair for name, pair in versions.items() if pair[0] != pair[1]} == {}
    assert set(app) <= set(dev)
