"""Matches as the desk's rows show them: people in a line, reasons as named points."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.models import Match
from app.queries import matches, reasons
from app.queries.people import facility_line
from app.web.access import viewer
from app.web.coordinator.reason_words import at_least
from app.web.labels import TERM_LABELS, URGENCY_LABELS, country_name, label


@dataclass(frozen=True)
class ProposalRow:
    """One proposal, ready to be shown."""

    match: Match
    prisoner: str
    prisoner_line: str
    sponsor: str
    sponsor_line: str
    terms: list[tuple[str, Any, int]]
    note: str


def proposal_rows(proposals: list[Match]) -> list[ProposalRow]:
    """Rows for proposals, with what each sponsor carries already and who would have been next."""
    carried = matches.carried_by_each([match.sponsor_id for match in proposals])
    following = reasons.next_in_line(viewer(), proposals)
    return [_row(match, carried.get(match.sponsor_id, 0), _note(match, following)) for match in proposals]


def named_terms(terms: Mapping[str, int]) -> list[tuple[str, Any, int]]:
    """The reasons of a pair: name, words, points, the weightiest first."""
    by_weight = sorted(terms.items(), key=lambda term: (-term[1], term[0]))
    return [(name, TERM_LABELS.get(name, name), points) for name, points in by_weight if points]


def named_urgency(vulnerability: Mapping[str, int]) -> list[tuple[Any, int]]:
    """What puts a prisoner into a tier: words and points, the weightiest first."""
    by_weight = sorted(vulnerability.items(), key=lambda reason: (-reason[1], reason[0]))
    return [(URGENCY_LABELS.get(name, name), points) for name, points in by_weight if points]


def _note(match: Match, following: reasons.NextInLines) -> str:
    """The kind of support and, where the run knows, the runner-up in one short sentence."""
    kind = str(label(match.kind))
    pair = (match.run_id or "", match.prisoner_id)
    if pair not in following:
        return kind
    line = following[pair]
    if line is None:
        return str(_("%(kind)s. Nobody else was possible in the run.", kind=kind))
    loss = at_least(line.loss_at_least)
    return str(_("%(kind)s. Next in the run: %(who)s, %(loss)s.", kind=kind, who=who(line), loss=loss))


def side_by_side(match: Match, next_best: reasons.NextBest | None) -> list[tuple[Any, int, int]]:
    """Each reason with its points for a proposal and for its runner-up, both by the run's policy and day.

    Empty where theirs are not to be seen, and where the facts as they stand would not have let them in.
    """
    pair = next_best.reasons if next_best else None
    if pair is None or pair.then is None or pair.then.explanation.rule is not None:
        return []
    theirs = pair.then.explanation.terms
    both = {name: max(match.terms.get(name, 0), theirs.get(name, 0)) for name in {**match.terms, **theirs}}
    return [(words, match.terms.get(name, 0), theirs.get(name, 0)) for name, words, _points in named_terms(both)]


def who(line: reasons.NextInLine) -> str:
    """A runner-up as this coordinator may know them."""
    if line.name is not None:
        return line.name
    return str(_("somebody who has left since") if line.is_gone else _("a sponsor of another region"))


def _row(match: Match, carried: int, note: str) -> ProposalRow:
    prisoner, sponsor = match.prisoner, match.sponsor
    facts = [str(label(fact.fact)) for fact in prisoner.facts_in_order]
    free = max(0, sponsor.capacity - carried)
    places = ngettext("%(num)d place free", "%(num)d places free", free)
    return ProposalRow(
        match=match,
        prisoner=prisoner.shown_name,
        prisoner_line=" · ".join(filter(None, [*facts, facility_line(prisoner.facility)])) or _("No facility known"),
        sponsor=sponsor.name,
        sponsor_line=f"{label(sponsor.role)}, {country_name(sponsor.country)} · {places}",
        terms=named_terms(match.terms),
        note=note,
    )
