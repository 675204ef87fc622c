"""Prisoners whom the last run of a kind left alone: as the run found them, and what has changed since."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager

from app import matching
from app.database import session
from app.models import LeftAlone, MatchingRun, Prisoner
from app.permissions import Viewer
from app.queries import matching as facts
from app.queries.fingerprints import fingerprint
from app.queries.matching import newest_run
from app.queries.paging import Page, page_of
from app.queries.scope import prisoners_of
from app.vocabulary import NO_LONGER_HELD, SupportKind

ROWS_ON_A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class AloneRow:
    """One prisoner. `eligible` and `ruled_out` count the sponsors of the viewer's regions, by the first rule that
    fails, the most first, as the run found them; the others say how it stands now.
    """

    prisoner: Prisoner
    tier: int
    eligible: int
    ruled_out: dict[str, int]
    is_gone: bool
    is_held: bool
    has_somebody: bool
    changed: bool


@dataclass(frozen=True, kw_only=True)
class AloneList:
    """What a run left alone; `is_best` where the run's plan was proved to be the best one."""

    finished_at: datetime
    is_best: bool
    page: Page[AloneRow]


def counts(viewer: Viewer) -> dict[SupportKind, int]:
    """How many of the coordinator's prisoners the last run of each kind left alone; kinds without a run are missing."""
    count = (
        select(func.count())
        .select_from(LeftAlone)
        .join(LeftAlone.prisoner)
        .where(LeftAlone.run_id == MatchingRun.id, prisoners_of(viewer))
        .scalar_subquery()
    )
    query = select(MatchingRun.kind, count).where(
        or_(*(MatchingRun.id == newest_run(kind) for kind in SupportKind)), MatchingRun.fingerprints.is_not(None)
    )
    found = {kind: number for kind, number in session().execute(query)}
    return {kind: found[kind] for kind in SupportKind if kind in found}


def listed(viewer: Viewer, kind: SupportKind, *, number: int, tier: int | None = None) -> AloneList | None:
    """The coordinator's prisoners whom the last run of a kind left alone, the most urgent first; None without a run."""
    newest = select(
        MatchingRun.id,
        MatchingRun.finished_at,
        MatchingRun.prices.is_not(None).label("is_best"),
        MatchingRun.fingerprints,
    )
    run = (
        session()
        .execute(newest.where(MatchingRun.id == newest_run(kind), MatchingRun.fingerprints.is_not(None)))
        .first()
    )
    if run is None:
        return None
    query = (
        select(LeftAlone)
        .join(LeftAlone.prisoner)
        .where(LeftAlone.run_id == run.id, prisoners_of(viewer))
        .options(contains_eager(LeftAlone.prisoner).joinedload(Prisoner.facility))
        .options(contains_eager(LeftAlone.prisoner).selectinload(Prisoner.facts))
        .order_by(LeftAlone.tier, Prisoner.search_key, Prisoner.id)
    )
    if tier is not None:
        query = query.where(LeftAlone.tier == tier)
    page: Page[LeftAlone] = page_of(query, LeftAlone.prisoner_id, number=number, size=ROWS_ON_A_PAGE)
    now = {person.id: person for person in facts.prisoner_facts(kind, [row.prisoner_id for row in page.items])}
    known = frozenset(run.fingerprints)
    rows = [_row(viewer, row, now[row.prisoner_id], known=known) for row in page.items]
    return AloneList(
        finished_at=run.finished_at,
        is_best=run.is_best,
        page=Page(items=rows, number=page.number, pages=page.pages, all=page.all),
    )


def _row(viewer: Viewer, row: LeftAlone, now: matching.PrisonerFacts, *, known: frozenset[str]) -> AloneRow:
    # Of the whole programme a coordinator of some regions counts their own sponsors only: docs/threats.md, Z5.
    counted: Counter[str] = Counter()
    for country, by_rule in row.sponsors.items():
        if viewer.covers_country(country):
            counted.update(by_rule)
    eligible = counted.pop(matching.ELIGIBLE, 0)
    return AloneRow(
        prisoner=row.prisoner,
        tier=row.tier,
        eligible=eligible,
        ruled_out=dict(counted.most_common()),
        is_gone=now.detention_status in NO_LONGER_HELD,
        is_held=now.held,
        has_somebody=now.supporters_of_kind > 0,
        changed=fingerprint(now) not in known,
    )
