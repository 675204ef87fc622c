"""Recording an event, as a verb: what it writes, what it refuses, whose it is."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import session
from app.errors import BadInput, Conflict, NotAllowed, NotFound, StaleRecord
from app.models import FieldSource, PrisonerEvent
from app.partial_date import PartialDate
from app.permissions import Viewer
from app.queries.accounts import viewer_of
from app.queries.people import address_lines
from app.transaction import transaction
from app.vocabulary import DetentionStatus, EventType, FacilityKind, MatchState
from tests.database.events.recording import DAY, record, trail
from tests.factories import (
    fresh,
    make_administrator,
    make_coordinator,
    make_facility,
    make_match,
    make_prisoner,
    make_sponsor,
)


def recorded() -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(PrisonerEvent)) or 0


def sources() -> dict[str, tuple[str, date]]:
    return {row.field: (row.source, row.as_of) for row in session().scalars(select(FieldSource))}


@pytest.mark.parametrize(
    ("event", "status", "field"),
    [
        (EventType.RELEASE, DetentionStatus.RELEASED, "released_on"),
        (EventType.DEATH, DetentionStatus.DIED_IN_CUSTODY, "died_on"),
    ],
)
def test_an_end_of_detention_is_kept_with_its_day_its_source_and_who_recorded_it(
    app: Flask, coordinator: Viewer, event: EventType, status: DetentionStatus, field: str
) -> None:
    prisoner = make_prisoner()

    stored = record(prisoner, event, by=coordinator, source="x" * 80).event

    assert (fresh(prisoner).detention_status, getattr(prisoner, field)) == (status, PartialDate.of(DAY))
    assert (stored.type, stored.happened_on, stored.source) == (event, DAY, "x" * 80)
    assert stored.recorded_by == coordinator.account_id
    assert sources() == dict.fromkeys(("detention_status", field), ("x" * 59 + "…", DAY))
    assert trail() == [(f"record_{event}", "prisoner", sorted(["detention_status", field]))]


def test_a_transfer_to_a_known_place_gives_the_new_address(app: Flask, coordinator: Viewer) -> None:
    prisoner, place = make_prisoner(), make_facility(title_cyrillic="Тюрьма № 8")

    record(prisoner, EventType.TRANSFER, by=coordinator, facility_id=place.id)

    assert fresh(prisoner).facility_id == place.id
    assert prisoner.detention_status is DetentionStatus.CONVICTED
    assert "Тюрьма № 8" in address_lines(prisoner)


def test_nobody_is_written_to_while_the_place_is_not_known(app: Flask, coordinator: Viewer) -> None:
    prisoner = make_prisoner()

    record(prisoner, EventType.TRANSFER, by=coordinator)

    assert fresh(prisoner).detention_status is DetentionStatus.IN_TRANSFER
    assert (prisoner.facility_id, address_lines(prisoner)) == (None, ())


def test_a_list_that_still_names_the_old_place_gives_nobody_its_address(app: Flask, coordinator: Viewer) -> None:
    prisoner, old = make_prisoner(), make_facility()
    record(prisoner, EventType.TRANSFER, by=coordinator)

    with transaction():
        prisoner.facility_id = old.id

    assert address_lines(fresh(prisoner)) == ()


@pytest.mark.parametrize(
    ("kind", "changes", "status"),
    [
        (FacilityKind.COLONY, {"verdict_on": None, "sentence": None}, DetentionStatus.CONVICTED),
        (FacilityKind.PRETRIAL, {"verdict_on": None, "sentence": None}, DetentionStatus.AWAITING_TRIAL),
        (FacilityKind.PRETRIAL, {}, DetentionStatus.CONVICTED),
        (FacilityKind.HOME, {}, DetentionStatus.HOME_CONFINEMENT),
        (FacilityKind.PRISON, {"detention_status": DetentionStatus.RETURNED_TO_CUSTODY},
         DetentionStatus.RETURNED_TO_CUSTODY),
    ],
)  # fmt: skip
def test_who_arrives_somewhere_is_held_as_the_place_and_the_verdict_say(
    app: Flask, coordinator: Viewer, kind: FacilityKind, changes: dict[str, Any], status: DetentionStatus
) -> None:
    prisoner = make_prisoner(**{"detention_status": DetentionStatus.IN_TRANSFER} | changes)

    record(prisoner, EventType.TRANSFER, by=coordinator, facility_id=make_facility(kind=kind).id)

    assert fresh(prisoner).detention_status is status


def test_a_return_forgets_the_release_and_the_old_address(app: Flask, coordinator: Viewer) -> None:
    prisoner = make_prisoner()
    record(prisoner, EventType.RELEASE, by=coordinator)

    record(prisoner, EventType.RETURN, by=coordinator, after=5)

    assert fresh(prisoner).detention_status is DetentionStatus.RETURNED_TO_CUSTODY
    assert (prisoner.released_on, prisoner.facility_id) == (None, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"day": date(2026, 11, 23)},
        {"day": date(2020, 9, 6)},
        {"source": "  "},
        {"source": "x" * 201},
        {"facility_id": "aaaabbbbccccdddd"},
    ],
    ids=["not come yet", "before the arrest", "no source", "too long a source", "no such facility"],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    app: Flask, coordinator: Viewer, changes: dict[str, Any]
) -> None:
    prisoner = make_prisoner()

    with pytest.raises(BadInput):
        record(prisoner, EventType.TRANSFER, by=coordinator, **changes)

    assert fresh(prisoner).detention_status is DetentionStatus.CONVICTED
    assert recorded() == 0


@pytest.mark.parametrize("arrested", [PartialDate(2026), PartialDate(2026, 11), None])
def test_of_an_arrest_that_is_not_wholly_known_the_latest_day_is_not_presumed(
    app: Flask, coordinator: Viewer, arrested: PartialDate | None
) -> None:
    record(make_prisoner(arrested_on=arrested), EventType.RELEASE, by=coordinator)

    assert recorded() == 1


def test_a_facility_belongs_to_a_move_only_and_lies_in_the_country(app: Flask, coordinator: Viewer) -> None:
    prisoner = make_prisoner()

    for event, place in ((EventType.RELEASE, make_facility()), (EventType.TRANSFER, make_facility(country="RU"))):
        with pytest.raises(BadInput):
            record(prisoner, event, by=coordinator, facility_id=place.id)


def test_c4_the_same_event_acts_once(app: Flask, coordinator: Viewer) -> None:
    prisoner, place = make_prisoner(), make_facility()
    record(prisoner, EventType.TRANSFER, by=coordinator, facility_id=place.id)

    with pytest.raises(Conflict, match="recorded already"):
        record(prisoner, EventType.TRANSFER, by=coordinator, facility_id=place.id)

    assert recorded() == 1


def test_c4_a_stale_page_records_nothing(app: Flask, coordinator: Viewer) -> None:
    prisoner = make_prisoner()
    seen = prisoner.version
    record(prisoner, EventType.TRANSFER, by=coordinator, day=date(2026, 11, 1))

    with pytest.raises(StaleRecord):
        record(prisoner, EventType.RELEASE, by=coordinator, seen_version=seen)

    assert recorded() == 1


@pytest.mark.parametrize(
    ("status", "possible"),
    [
        (DetentionStatus.CONVICTED, {EventType.RELEASE, EventType.DEATH, EventType.TRANSFER}),
        (DetentionStatus.RETURNED_TO_CUSTODY, {EventType.RELEASE, EventType.DEATH, EventType.TRANSFER}),
        (DetentionStatus.RELEASED, {EventType.DEATH, EventType.RETURN}),
        (DetentionStatus.DIED_IN_CUSTODY, set()),
    ],
)
@pytest.mark.parametrize("event", EventType)
def test_only_what_can_follow_is_recorded(
    app: Flask, coordinator: Viewer, status: DetentionStatus, possible: set[EventType], event: EventType
) -> None:
    prisoner = make_prisoner(detention_status=status)

    if event in possible:
        record(prisoner, event, by=coordinator)
    else:
        with pytest.raises(Conflict):
            record(prisoner, event, by=coordinator)

    assert recorded() == (event in possible)


@pytest.mark.parametrize(
    ("first", "second", "goes"),
    [
        ((EventType.TRANSFER,), EventType.TRANSFER, False),
        ((EventType.RELEASE,), EventType.RETURN, False),
        ((EventType.RELEASE, EventType.RETURN), EventType.RELEASE, False),
        ((EventType.TRANSFER,), EventType.RELEASE, True),
        ((EventType.TRANSFER,), EventType.DEATH, True),
    ],
)
def test_what_was_learnt_late_is_recorded_only_where_it_overturns_nothing(
    app: Flask, coordinator: Viewer, first: tuple[EventType, ...], second: EventType, goes: bool
) -> None:
    prisoner = make_prisoner()
    for number, event in enumerate(first):
        record(prisoner, event, by=coordinator, after=number)

    if goes:
        record(prisoner, second, by=coordinator, day=date(2026, 11, 1))
    else:
        with pytest.raises(Conflict, match="later"):
            record(prisoner, second, by=coordinator, day=date(2026, 11, 1))

    assert recorded() == len(first) + goes


def test_z5_a_prisoner_outside_the_caseload_is_not_there(app: Flask) -> None:
    prisoner = make_prisoner()
    match = make_match(prisoner=prisoner, sponsor=make_sponsor(country="FR"), state=MatchState.ACTIVE)

    with pytest.raises(NotFound):
        record(prisoner, EventType.RELEASE, by=viewer_of(make_coordinator(caseload=[make_prisoner()])))
    record(prisoner, EventType.RELEASE, by=viewer_of(make_coordinator(regions=["DE"], caseload=[prisoner])))

    assert fresh(match).state is MatchState.ENDED


@pytest.mark.parametrize("roles", [["programme"], ["administrator"]])
def test_whoever_does_not_coordinate_records_nothing(app: Flask, roles: list[str]) -> None:
    with pytest.raises(NotAllowed):
        record(make_prisoner(), EventType.RELEASE, by=viewer_of(make_coordinator(roles=roles)))
    with pytest.raises(NotAllowed):
        record(make_prisoner(), EventType.RELEASE, by=viewer_of(make_administrator()))
