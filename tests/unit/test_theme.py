"""The style sheet keeps its promises: everything can be read, in light and dark, and nothing is fetched from elsewhere.

Ratios are WCAG 2.2's: 4.5 for text, 7 for running text, 3 for edges and marks that carry meaning.
"""

import re
from itertools import product

import pytest

from tests.architecture.source import ROOT

THEME = (ROOT / "app" / "static" / "theme.css").read_text(encoding="utf-8")
GROUNDS = ("paper", "sheet", "sunk")

RUNNING_TEXT = [("ink", ground, 7.0) for ground in GROUNDS]
TEXT = [
    (text, ground, 4.5)
    for text, ground in [
        *product(("ink-soft", "accent", "accent-strong", "signal"), GROUNDS),
        *product(("ink", "ink-soft", "accent", "accent-strong"), ("accent-wash",)),
        ("ink", "signal-wash"),
        ("signal", "signal-wash"),
        ("on-accent", "accent"),
        ("on-accent", "accent-strong"),
        ("on-accent", "signal"),
        ("on-accent", "signal-strong"),
    ]
]
MARKS = [(mark, ground, 3.0) for mark, ground in product(("edge", "focus", "wax", "signal", "accent"), GROUNDS)]


def _palettes() -> dict[str, dict[str, str]]:
    """Name and value of every colour, by scheme; dark takes from light what it does not name itself."""
    blocks = re.findall(r":root \{(.*?)\}", THEME, re.DOTALL)
    named = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks]
    return {"light": named[0], "dark": named[0] | named[1]}


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), RUNNING_TEXT + TEXT + MARKS)
def test_whatever_must_be_seen_stands_out_from_its_ground(scheme: str, front: str, ground: str, least: float) -> None:
    palette = _palettes()[scheme]

    assert _contrast(palette[front], palette[ground]) >= least


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_point_in_the_bar_can_be_told_from_the_sheet(scheme: str) -> None:
    palette = _palettes()[scheme]

    terms = {name: _contrast(value, palette["sheet"]) for name, value in palette.items() if name.startswith("term-")}

    assert len(terms) == 7
    assert min(terms.values()) >= 3.0, terms


def test_contrast_is_measured_as_wcag_does() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_style_sheet_fetches_nothing() -> None:
    fetched = re.findall(r"url\((?![\"']?data:)|@import|@font-face", THEME)

    assert fetched == []


def test_every_colour_outside_the_palette_is_a_variable() -> None:
    rules = re.sub(r":root \{.*?\}", "", THEME, flags=re.DOTALL)
    literal = re.findall(r"(?<![\w%])#[0-9a-f]{3,8}\b(?! )", re.sub(r"url\(.*?\);", "", rules))

    assert literal == []
