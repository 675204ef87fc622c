"""Letters as a sponsor sees them: what they may write on, where it goes, and what became of the ones before.

Only an active match of one's own, with somebody who is still held, leads to any of it (docs/threats.md Z4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from app import letters
from app.clock import now, today
from app.database import session
from app.letters import BESIDE, GAP, LETTER_LANGUAGES, Placeholder
from app.models import Letter, Match, PostRoute, Prisoner, Sponsor
from app.permissions import Viewer
from app.queries import people, texts
from app.queries.people import Person
from app.reminders import interval
from app.vocabulary import (
    NO_LONGER_HELD,
    DetentionStatus,
    LanguageLevel,
    LetterState,
    MailAccess,
    MatchState,
    SupportKind,
)

UNSENT: Final = (LetterState.DRAFT, LetterState.CHECKED)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything that lies ready when a sponsor sits down to write.

    A letter `waits` while there is no place where mail would reach the prisoner; then no envelope is offered.
    """

    person: Person
    languages: tuple[str, ...]
    envelope_lines: tuple[str, ...]
    route_note: str | None
    in_transfer: bool
    waits: bool
    given_name: str | None
    writer_name: str

    advice: str
    hints: Sequence[str] = letters.WRITE
    avoid: Sequence[str] = letters.AVOID
    prompts: Sequence[str] = letters.PROMPTS
    gap: str = GAP


@dataclass(frozen=True, slots=True)
class Beginning:
    """A letter to start from, and the same words in the writer's language; both empty for a blank page."""

    text: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class NextLetter:
    """The letter that is next for a sponsor: the match, when the last one went off (None: never), and whether it is
    time in the rhythm that the sponsor chose."""

    match: Match
    last_sent_on: date | None
    due: bool

    @property
    def weeks(self) -> int:
        """Whole weeks since the last letter."""
        return (today() - self.last_sent_on).days // 7 if self.last_sent_on else 0


def today_in(time_zone: str) -> date:
    """The day it is where the sponsor lives: it may have begun, or not yet ended, while another is on in Greenwich."""
    return now().astimezone(ZoneInfo(time_zone)).date()


def _writable(viewer: Viewer) -> Select[Match]:
    return (
        select(Match)
        .join(Match.prisoner)
        .where(
            Match.sponsor_id == viewer.sponsor_id,
            Match.state == MatchState.ACTIVE,
            Prisoner.detention_status.not_in(NO_LONGER_HELD),
        )
    )


def writable(viewer: Viewer, match_id: str) -> Match | None:
    """The viewer's own match, while letters may be written for it."""
    query = _writable(viewer).where(Match.id == match_id)
    return session().scalar(query.options(selectinload(Match.prisoner).selectinload(Prisoner.facility)))


def own(viewer: Viewer, letter_id: str) -> Letter | None:
    """One of the viewer's own letters, while letters may be written for its match."""
    letter = session().get(Letter, letter_id)
    if letter is None or writable(viewer, letter.match_id) is None:
        return None
    return letter


def of_match(viewer: Viewer, match_id: str) -> list[Letter]:
    """The letters that went off from the viewer's own match, the latest first."""
    query = select(Letter).join(Match, Match.id == Letter.match_id)
    query = query.where(Match.id == match_id, Match.sponsor_id == viewer.sponsor_id, Letter.state.not_in(UNSENT))
    return list(session().scalars(query.order_by(Letter.sent_on.desc(), Letter.recorded_at.desc())))


def desk(match: Match, *, sponsor: Sponsor) -> Desk:
    """What lies ready for `sponsor`, whose match this is."""
    person = people.person(match.prisoner, writing_from=sponsor.country)
    row = session().get(PostRoute, (sponsor.country, match.prisoner.country))
    in_transfer = match.prisoner.detention_status is DetentionStatus.IN_TRANSFER
    waits = in_transfer or person.mail_access is MailAccess.INCOMMUNICADO
    to = people.addressee(match.prisoner)
    return Desk(
        person=person,
        languages=_languages(person.languages, sponsor),
        envelope_lines=() if waits else letters.envelope_lines(to, route=person.route),
        route_note=row.note if row else None,
        in_transfer=in_transfer,
        waits=waits,
        given_name=letters.given_name(to.name),
        advice=letters.MAIL_ACCESS[person.mail_access],
        writer_name=sponsor.name.split()[0],
    )


def _languages(passed: Sequence[str], sponsor: Sponsor) -> tuple[str, ...]:
    """Of the languages that there are templates in those which are passed, what the sponsor writes best first.

    Nobody knows what a place passes of which nothing is recorded: then both are offered.
    """
    offered = [code for code in LETTER_LANGUAGES if code in passed] if passed else list(LETTER_LANGUAGES)
    levels = {row.language: row.level for row in sponsor.languages}
    ranks = {LanguageLevel.FLUENT: 0, LanguageLevel.BASIC: 1, None: 2}
    return tuple(sorted(offered, key=lambda code: ranks[levels.get(code)]))


def beginning(found: Desk, *, template: str, language: str) -> Beginning:
    """The template filled for this pair; a blank page for a template or a language that is not offered."""
    if language not in found.languages:
        return Beginning()
    written = texts.letter_texts(template)
    if not written:
        return Beginning()
    values = {
        Placeholder.PRISONER_GIVEN_NAME.value: found.given_name or GAP,
        Placeholder.WRITER_NAME.value: found.writer_name,
        Placeholder.WRITER_CITY.value: GAP,
        Placeholder.OWN_LINES.value: GAP,
    }
    return Beginning(letters.fill(written[language], values), letters.fill(written[BESIDE], values))


def latest(viewer: Viewer, *, count: int) -> list[Letter]:
    """The sponsor's letters that went off last, the oldest of them first."""
    mine = _writable(viewer).with_only_columns(Match.id)
    query = select(Letter).where(Letter.match_id.in_(mine), Letter.state.not_in(UNSENT))
    return list(session().scalars(query.order_by(Letter.sent_on.desc(), Letter.id).limit(count)))[::-1]


def has_gap(text: str) -> bool:
    """Whether words of the writer's own are still missing in a letter."""
    return letters.has_gap(text)


def next_letter(viewer: Viewer, *, sponsor: Sponsor) -> NextLetter | None:
    """Whom the sponsor writes to next; None where there is nobody, or nobody whom mail reaches.

    First whoever has had no letter yet, then whoever has waited longest; letter writers' matches before godparents'.
    """
    query = _writable(viewer).where(Prisoner.mail_access != MailAccess.INCOMMUNICADO)
    newest = select(func.max(Letter.sent_on)).where(Letter.match_id == Match.id, Letter.state.not_in(UNSENT))
    rows = session().execute(query.add_columns(newest.scalar_subquery()))
    found = [_next_of(match, last, sponsor) for match, last in rows]
    return min(found, key=_waited_longest, default=None)


def _next_of(match: Match, last: date | None, sponsor: Sponsor) -> NextLetter:
    rhythm = interval(sponsor.letters_a_month, match.prisoner.mail_access)
    return NextLetter(match, last, due=last is None or (rhythm is not None and today() - last >= rhythm))


def _waited_longest(found: NextLetter) -> tuple[bool, bool, date]:
    return (
        not found.due,
        found.match.kind is not SupportKind.LETTER_WRITER,
        found.last_sent_on or date.min,
    )
