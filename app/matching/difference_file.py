"""The difference of two plans as plain JSON values, for commands and for whoever keeps one. Pure."""

from dataclasses import asdict
from typing import Any

from app.matching.difference import Difference, Figures, PairShift, PrisonerShift, SponsorShift


def plain_difference(found: Difference) -> dict[str, Any]:
    """The values of `flask policy compare --json` (docs/commands.md) for one support kind; two numbers are a shift."""
    return {
        "before": _figures(found.before),
        "after": _figures(found.after),
        "before_by_new_numbers": asdict(found.remeasured),
        "pairs": {"kept": found.kept, "new": [*map(_pair, found.new)], "gone": [*map(_pair, found.gone)]},
        "prisoners": [*map(_prisoner, found.prisoners)],
        "sponsors": [*map(_sponsor, found.sponsors)],
    }


def _figures(of: Figures) -> dict[str, Any]:
    return {"proposals": of.proposals, **asdict(of.objective), "uncovered_by_tier": list(of.alone_by_tier)}


def _pair(shift: PairShift) -> dict[str, Any]:
    return {
        "prisoner": shift.prisoner_id,
        "sponsor": shift.sponsor_id,
        "fit": list(shift.fit),
        "rule": shift.rule,
        "terms": {name: list(points) for name, points in shift.terms.items()},
    }


def _prisoner(shift: PrisonerShift) -> dict[str, Any]:
    return {
        "prisoner": shift.id,
        "change": shift.change.value,
        "proposals": [len(shift.before), len(shift.after)],
        "covered": list(shift.covered),
        "tier": list(shift.tier),
        "urgency": {name: list(points) for name, points in shift.urgency.items()},
        "terms": list(shift.terms),
        "rules": list(shift.rules),
    }


def _sponsor(shift: SponsorShift) -> dict[str, Any]:
    proposals = [len(shift.before), len(shift.after)]
    return {"sponsor": shift.id, "change": shift.change.value, "proposals": proposals}
