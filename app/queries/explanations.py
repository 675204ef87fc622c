"""Why a pair can be matched or not, from the facts as they stand."""

from datetime import date

from app import matching
from app.queries import matching as facts
from app.queries import policies
from app.vocabulary import SupportKind


def of_pair(
    prisoner_id: str,
    sponsor_id: str,
    *,
    day: date,
    kind: SupportKind | None = None,
    leaving_out: str | None = None,
    policy: matching.Policy | None = None,
) -> matching.Explanation:
    """The first hard rule that forbids the pair, or its fit term by term; and the prisoner's tier, point by point.

    Without a `kind` the one that the sponsor offers counts; `leaving_out` names a match that must not count against
    its own pair; without a `policy` the one in force does. Raises NotFound, which names the side, for an unknown id.
    """
    sheet = sheet_of(prisoner_id, sponsor_id, day=day, kind=kind, leaving_out=leaving_out)
    policy = policy or policies.current()
    return matching.explain(sheet, prisoner_id=prisoner_id, sponsor_id=sponsor_id, policy=policy)


def sheet_of(
    prisoner_id: str, *sponsor_ids: str, day: date, kind: SupportKind | None = None, leaving_out: str | None = None
) -> matching.FactSheet:
    """The facts of one prisoner and some sponsors as they stand; without a `kind` for the one the sponsors offer."""
    scope = facts.Scope(
        prisoner_ids=frozenset({prisoner_id}), sponsor_ids=frozenset(sponsor_ids), leaving_out=leaving_out
    )
    sheet = facts.fact_sheet(kind or SupportKind.LETTER_WRITER, day, scope)
    offered = sheet.sponsors[0].kind if sheet.sponsors else sheet.kind
    if kind is None and offered is not sheet.kind:
        sheet = facts.fact_sheet(offered, day, scope)
    return sheet
