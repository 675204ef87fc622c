"""What exports hold, and who has asked for one.

No column is sealed or restricted: no address of a mailbox, no free words of anybody, no vulnerability fact, no tier.
Who may be in an export is narrowed to the viewer's regions and caseload, as on their pages.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.clock import now
from app.database import session
from app.importing.shapes import EXPORT_COLUMNS
from app.models import ExportRequest, Facility, Match, Prisoner, Sponsor
from app.partial_date import PartialDate
from app.permissions import Viewer
from app.queries.paging import Page, page_of
from app.queries.scope import prisoners_of, sponsors_of
from app.vocabulary import DetentionStatus
from app.watch_words import ExportState, ExportSubject

OPEN_FOR: Final = timedelta(days=1)
"""How long an approved export can be downloaded."""

ON_A_PAGE = 50
AT_ONCE = 500

SPONSOR_COLUMNS: Final = (
    "id", "name", "role", "support_kind", "country", "languages", "profession_group", "capacity", "letters_a_month",
    "available_from", "available_until", "parliament", "mandate_ends", "vetting_state", "created_at",
)  # fmt: skip
MATCH_COLUMNS: Final = (
    "match", "state", "kind", "prisoner", "prisoner_name", "sponsor", "sponsor_name", "sponsor_role",
    "sponsor_country", "proposed_at", "decided_at", "answered_at", "ended_at", "end_reason",
)  # fmt: skip

_LIST_STATUS: Final[Mapping[DetentionStatus, str]] = {
    DetentionStatus.RELEASED: "released",
    DetentionStatus.DIED_IN_CUSTODY: "died",
}


@dataclass(frozen=True)
class Table:
    """One kind of export: its headings, its rows and the people in it, as one viewer may have them."""

    headings: tuple[str, ...]
    rows: Callable[[Viewer], Iterator[list[str]]]
    persons: Callable[[Viewer], int]


def _sponsors(viewer: Viewer) -> Iterator[list[str]]:
    query = select(Sponsor).where(sponsors_of(viewer)).order_by(Sponsor.search_key, Sponsor.id)
    for one in _streamed(query.options(selectinload(Sponsor.languages))):
        languages = ", ".join(f"{each.language} {each.level.value}" for each in one.languages)
        yield [_cell(languages if name == "languages" else getattr(one, name)) for name in SPONSOR_COLUMNS]


def _prisoners(viewer: Viewer) -> Iterator[list[str]]:
    query = select(Prisoner).where(prisoners_of(viewer)).order_by(Prisoner.search_key, Prisoner.id)
    for one in _streamed(query.options(joinedload(Prisoner.facility))):
        yield [_cell(value) for value in _prisoner_values(one)]


def _prisoner_values(one: Prisoner) -> tuple[object, ...]:
    """In the order of `EXPORT_COLUMNS`."""
    return (
        one.id,
        one.name,
        one.name_latin,
        one.name_cyrillic,
        _LIST_STATUS.get(one.detention_status, "held"),
        one.detention_status,
        one.gender,
        one.birth_date,
        one.arrested_on,
        one.verdict_on,
        one.released_on,
        one.died_on,
        one.sentence,
        one.penalty,
        "\n".join(one.articles),
        one.facility.title if one.facility else None,
        _address(one.facility) if one.facility else None,
        one.home_area,
        one.mail_access,
        one.publicity,
        one.godparent_seats,
        one.letter_writer_seats,
    )


def _address(facility: Facility) -> str:
    """As a list writes it, so that it is read again: postcode and city, then the street."""
    city = " ".join(filter(None, (facility.postcode, facility.city)))
    return ", ".join(filter(None, (city, facility.street)))


def _matches(viewer: Viewer) -> Iterator[list[str]]:
    query = _scoped_matches(viewer).options(contains_eager(Match.prisoner), contains_eager(Match.sponsor))
    for one in _streamed(query.order_by(Match.proposed_at, Match.id)):
        prisoner, sponsor = one.prisoner, one.sponsor
        about = (prisoner.id, prisoner.shown_name, sponsor.id, sponsor.name, sponsor.role, sponsor.country)
        dates = (one.proposed_at, one.decided_at, one.answered_at, one.ended_at)
        yield [_cell(value) for value in (one.id, one.state, one.kind, *about, *dates, one.end_reason)]


def _scoped_matches(viewer: Viewer) -> Select[Match]:
    query = select(Match).join(Match.prisoner).join(Match.sponsor)
    return query.where(prisoners_of(viewer), sponsors_of(viewer))


def _streamed(query: Select[Any]) -> Iterator[Any]:
    return session().scalars(query.execution_options(yield_per=AT_ONCE))


def _cell(value: object) -> str:
    """As a reader of the file expects it: dates in ISO 8601, the vocabulary's own words, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, PartialDate):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _count_sponsors(viewer: Viewer) -> int:
    return session().scalar(select(func.count()).select_from(Sponsor).where(sponsors_of(viewer))) or 0


def _count_prisoners(viewer: Viewer) -> int:
    return session().scalar(select(func.count()).select_from(Prisoner).where(prisoners_of(viewer))) or 0


def _count_matched(viewer: Viewer) -> int:
    """Both sides count: who supports whom is the most dangerous list there is."""
    distinct = (func.count(column.distinct()) for column in (Match.prisoner_id, Match.sponsor_id))
    counts = session().execute(_scoped_matches(viewer).with_only_columns(*distinct, maintain_column_froms=True)).one()
    return sum(counts)


TABLES: Final[Mapping[ExportSubject, Table]] = {
    ExportSubject.SPONSORS: Table(SPONSOR_COLUMNS, _sponsors, _count_sponsors),
    ExportSubject.PRISONERS: Table(tuple(EXPORT_COLUMNS), _prisoners, _count_prisoners),
    ExportSubject.MATCHES: Table(MATCH_COLUMNS, _matches, _count_matched),
}


def listed(viewer: Viewer, *, decides: bool, number: int) -> Page[ExportRequest]:
    """The viewer's own exports, newest first; of whoever decides, everybody's."""
    query = select(ExportRequest).options(joinedload(ExportRequest.asker), joinedload(ExportRequest.decider))
    if not decides:
        query = query.where(ExportRequest.asked_by == viewer.account_id)
    in_order = query.order_by(ExportRequest.asked_at.desc(), ExportRequest.id)
    return page_of(in_order, ExportRequest.id, number=number, size=ON_A_PAGE)


def number_to_decide(viewer: Viewer) -> int:
    """How many wait for a second person, who may be this one."""
    waiting = ExportRequest.state == ExportState.ASKED, ExportRequest.asked_by != viewer.account_id
    return session().scalar(select(func.count()).where(*waiting)) or 0


def find(viewer: Viewer, export_id: str, *, decides: bool) -> ExportRequest | None:
    """One export: the viewer's own, or anybody's where the viewer decides."""
    query = select(ExportRequest).where(ExportRequest.id == export_id).options(joinedload(ExportRequest.asker))
    return session().scalar(query if decides else query.where(ExportRequest.asked_by == viewer.account_id))


def open_until(request: ExportRequest) -> datetime:
    """When an approved export can be downloaded no more."""
    return (request.decided_at or request.asked_at) + OPEN_FOR


def is_open(request: ExportRequest) -> bool:
    """Whether it can be downloaded now."""
    return request.state is ExportState.APPROVED and now() < open_until(request)
