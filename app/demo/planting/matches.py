"""Planting matches: real runs at moments of the past, and what became of each proposal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from sqlalchemy import Row, func, select

from app.actions import runs
from app.actions.consequences import Notice
from app.audit_words import AuditAction, AuditEntity
from app.clock import at
from app.database import session
from app.demo.dice import Dice
from app.demo.lives import LATE_DECK, PAST_DECK, TONIGHTS_DECK, Card, Proposal, Step, steps_of
from app.demo.people import InventedPrisoner, InventedSponsor, Member
from app.demo.planting.chronicle import Change
from app.demo.planting.events import recorder_of
from app.demo.planting.letters import Writing
from app.demo.planting.mails import PlannedMail
from app.demo.planting.sponsors import coordinator_of
from app.mail import occasions
from app.mail.outbox import Message, Withdrawal
from app.matching.worth import objective_of
from app.models import Match
from app.queries import policies
from app.settings import current_settings
from app.vocabulary import MatchState, SupportKind


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Everybody who can be matched, by id. `sure`: sponsors who take up whatever is offered to them; `slow`: never.

    `writing` knows when each of them writes.
    """

    seed: int
    prisoners: Mapping[str, InventedPrisoner]
    sponsors: Mapping[str, InventedSponsor]
    staff: tuple[Member, ...]
    sure: frozenset[str]
    slow: frozenset[str]
    writing: Writing


@dataclass(frozen=True, kw_only=True)
class Night:
    """One night of matching: when it was, when the next one is, and whether it was the last or the last but one."""

    number: int
    moment: datetime
    next_moment: datetime
    nights_after: int

    @property
    def deck(self) -> tuple[Card, ...]:
        """How the coordinators and sponsors take this night's proposals."""
        return {0: TONIGHTS_DECK, 1: LATE_DECK}.get(self.nights_after, PAST_DECK)

    def share_of(self, matches: int) -> int:
        """How many of so many matches there may be after this night: some are left for the last two."""
        return int(matches * {0: 1.0, 1: 0.9}.get(self.nights_after, 0.8))


def run_matching(kind: SupportKind, night: Night, cast: Cast, *, at_most: int | None) -> None:
    """Run the matching as it ran that night, and keep its proposals, so that there are at most so many matches."""
    with at(night.moment):
        computed = runs.compute(kind, night.moment.date())
        runs.store(computed if at_most is None else _limited(computed, cast, at_most), by=None)
    session().flush()


def count() -> int:
    """How many matches there are, in whatever state."""
    return session().scalar(select(func.count()).select_from(Match)) or 0


def _limited(computed: runs.ComputedRun, cast: Cast, at_most: int) -> runs.ComputedRun:
    """The run itself; or one of fewer proposals, worth less, and not called optimal."""
    standing = set(computed.scored.instance.previous)
    first = cast.sure | cast.slow
    new = sorted((pair for pair in computed.plan.pairs if pair not in standing), key=lambda pair: pair[1] not in first)
    room = max(0, at_most - count())
    if len(new) <= room:
        return computed
    pairs = tuple(sorted((set(computed.plan.pairs) & standing) | set(new[:room])))
    instance = computed.scored.instance
    objective = objective_of(instance, instance.named(pairs), policies.current())
    return replace(computed, plan=replace(computed.plan, pairs=pairs, objective=objective), optimal=False)


def decisions(kind: SupportKind, night: Night, cast: Cast) -> Iterator[Change | PlannedMail]:
    """What becomes of every proposal that stands after a night, as changes and mails for the chronicle."""
    held_for = timedelta(seconds=current_settings().offer_hold_seconds)
    for place, row in enumerate(_proposals(kind)):
        card = _card(row, place, night, cast)
        prisoner, sponsor = cast.prisoners.get(row.prisoner_id), cast.sponsors.get(row.sponsor_id)
        if prisoner is None or sponsor is None:
            continue
        proposal = Proposal(
            proposed_at=night.moment,
            next_run=night.next_moment,
            offer_held_for=held_for,
            prisoner=prisoner,
            sponsor=sponsor,
            hurried=night.nights_after == 0,
        )
        steps = steps_of(card, proposal, Dice(cast.seed, "match", night.number, prisoner.id, sponsor.id))
        yield from _changes(row, steps, proposal, cast.staff)
        yield from cast.writing.changes(row.id, steps, prisoner=prisoner, sponsor=sponsor)


def _proposals(kind: SupportKind) -> list[Row[Any]]:
    """The undecided proposals of a kind in the order in which a coordinator reads them."""
    query = select(Match.id, Match.version, Match.prisoner_id, Match.sponsor_id)
    query = query.where(Match.kind == kind, Match.state == MatchState.PROPOSED)
    return list(session().execute(query.order_by(Match.tier, Match.fit.desc(), Match.prisoner_id, Match.sponsor_id)))


def _card(row: Row[Any], place: int, night: Night, cast: Cast) -> Card:
    if row.sponsor_id in cast.slow:
        return Card.UNANSWERED
    if row.sponsor_id in cast.sure:
        return Card.TAKEN_UP
    return night.deck[place % len(night.deck)]


def _changes(
    row: Row[Any], steps: tuple[Step, ...], proposal: Proposal, staff: tuple[Member, ...]
) -> Iterator[Change | PlannedMail]:
    sponsor, coordinator = proposal.sponsor, coordinator_of(proposal.sponsor.country.code, staff)
    for step, following in zip_longest(steps, steps[1:]):
        if step.notice is not None and step.event is not None:
            yield _notice(row.id, step, step.notice, happening_id=step.event.id, account_id=sponsor.account_id)
        if not step.values:
            continue
        recorder = recorder_of(proposal.prisoner, staff) if step.event else coordinator
        signed = {"decided_by": coordinator} if "decided_at" in step.values else {}
        yield Change(
            at=step.at,
            by=sponsor.account_id if step.by_sponsor else None if step.by_nobody else recorder,
            action=step.action,
            entity=AuditEntity.MATCH,
            entity_id=row.id,
            fields=step.fields,
            values=step.values | signed,
            mail=_mail(row, step, following, proposal),
        )


def _mail(row: Row[Any], step: Step, following: Step | None, proposal: Proposal) -> PlannedMail | None:
    """What a step brings the sponsor, but for notices of events."""
    if step.action is AuditAction.APPROVE:
        return _offer(row, step, following, proposal)
    if step.action is not AuditAction.LAPSE:
        return None
    return PlannedMail(
        message=Message.OFFER_LAPSED,
        occasion=occasions.lapse(row.id, version=row.version + 1),
        account_id=proposal.sponsor.account_id,
        match_id=row.id,
        created_at=step.at,
        is_news=True,
    )


def _offer(row: Row[Any], step: Step, following: Step | None, proposal: Proposal) -> PlannedMail:
    return PlannedMail(
        message=Message.OFFER,
        occasion=occasions.offer(row.id, version=row.version + 1),
        account_id=proposal.sponsor.account_id,
        match_id=row.id,
        created_at=step.at,
        held_for=proposal.offer_held_for,
        overtaken_at=following.at if following else None,
        overtaken_by=Withdrawal.EVENT_RECORDED if following and following.event else Withdrawal.MATCH_CHANGED,
    )


def _notice(match_id: str, step: Step, notice: Notice, *, happening_id: str, account_id: str) -> PlannedMail:
    message = Message(notice)
    return PlannedMail(
        message=message,
        occasion=occasions.notice(message, match_id, happening_id=happening_id),
        account_id=account_id,
        match_id=match_id,
        created_at=step.at,
        is_news=True,
    )
