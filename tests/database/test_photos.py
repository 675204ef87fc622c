"""F3: photographs in the database: on which basis they are seen by whom, and that they go when they are taken out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from app.actions import photos, privacy
from app.actions.photos import Consent
from app.clock import now, today
from app.database import empty_log, session
from app.errors import BadInput, NotAllowed, NotFound, StaleRecord
from app.models import Account, AuditEvent, Photo, Prisoner
from app.partial_date import PartialDate
from app.permissions import Viewer
from app.queries.accounts import viewer_of
from app.queries.photos import PhotoSize, content, id_of, ids_shown, reach_of
from app.transaction import transaction
from app.vocabulary import DetentionStatus, MatchState, Publicity, PublicityBasis, Visibility
from tests.factories import (
    fresh,
    made_picture,
    make_account,
    make_coordinator,
    make_match,
    make_photo,
    make_prisoner,
    make_sponsor,
    writing,
)
from tests.stored import everything_stored

EVERYBODY = Consent(
    visibility=Visibility.PUBLIC,
    basis=PublicityBasis.FAMILY_CONSENTED,
    allowed_on=date(2026, 1, 2),
    source="told the coordinator",
)
CHILD = PartialDate.of(today() - timedelta(days=16 * 366))


@pytest.fixture
def prisoner(app: Flask) -> Prisoner:
    return make_prisoner(publicity=Publicity.PUBLIC)


@pytest.fixture
def keeper(prisoner: Prisoner) -> Viewer:
    return viewer_of(make_coordinator(caseload=[prisoner]))


def put(prisoner: Prisoner, by: Viewer, *, seen: str = "", colour: str = "teal") -> Photo:
    with transaction():
        return photos.put(made_picture(colour), prisoner_id=prisoner.id, by=by, seen=seen)


def show(prisoner: Prisoner, by: Viewer, consent: Consent, *, seen: str) -> Photo:
    with transaction():
        return photos.show(prisoner_id=prisoner.id, by=by, seen=seen, consent=consent)


def seen_by(viewer: Viewer | None, photo: Photo) -> bool:
    session().rollback()
    found = [content(viewer, photo.id, size) for size in PhotoSize]
    assert all(found) is any(found)
    return all(found)


def actions_of(prisoner: Prisoner) -> list[str]:
    query = select(AuditEvent.action).where(AuditEvent.entity_id == prisoner.id).order_by(AuditEvent.number)
    return [str(action) for action in session().scalars(query)]


def test_f3_a_new_photo_is_for_coordinators_of_the_caseload_alone(prisoner: Prisoner, keeper: Viewer) -> None:
    match = make_match(prisoner=prisoner, state=MatchState.ACTIVE)

    photo = put(prisoner, keeper)

    assert (photo.visibility, photo.basis) == (Visibility.COORDINATORS, None)
    assert seen_by(keeper, photo)
    assert not seen_by(None, photo)
    assert not seen_by(viewer_of(match.sponsor.account), photo)
    assert not seen_by(viewer_of(make_coordinator(caseload=[make_prisoner()])), photo)
    assert actions_of(prisoner) == ["add_photo"]


def test_f3_everybody_sees_it_once_that_was_allowed_and_both_sizes_differ(prisoner: Prisoner, keeper: Viewer) -> None:
    photo = put(prisoner, keeper)

    shown = show(prisoner, keeper, EVERYBODY, seen=photo.seen_as)

    assert (shown.basis, shown.allowed_on, shown.source) == (EVERYBODY.basis, EVERYBODY.allowed_on, EVERYBODY.source)
    assert (shown.shown_by, shown.shown_at is not None) == (keeper.account_id, True)
    assert seen_by(None, photo)
    picture = made_picture()
    assert (content(None, photo.id, PhotoSize.CARD), content(None, photo.id, PhotoSize.PAGE)) == (
        picture.card,
        picture.page,
    )
    assert actions_of(prisoner) == ["add_photo", "show_photo"]


@pytest.mark.parametrize(
    "lacking",
    [{"basis": None}, {"allowed_on": None}, {"source": " "}, {"source": "x" * 201}, {"allowed_on": date(2999, 1, 1)}],
)
def test_f3_without_a_basis_a_day_and_a_source_nobody_else_sees_it(
    prisoner: Prisoner, keeper: Viewer, lacking: dict[str, object]
) -> None:
    photo = put(prisoner, keeper)

    with pytest.raises(BadInput):
        show(prisoner, keeper, replace(EVERYBODY, **lacking), seen=photo.seen_as)  # type: ignore[arg-type]

    assert not seen_by(None, photo)
    assert actions_of(prisoner) == ["add_photo"]


def test_f3_the_database_itself_wants_a_basis(app: Flask) -> None:
    prisoner = make_prisoner()
    row = {"card": b"x", "page": b"x", "added_at": now(), "added_by": make_account().id, "version": 1}

    with pytest.raises(IntegrityError), transaction():
        session().execute(insert(Photo).values(prisoner_id=prisoner.id, visibility=Visibility.PUBLIC, **row))


@pytest.mark.parametrize(
    ("case", "wanted"),
    [
        ({"publicity": Publicity.SPONSORS_ONLY}, Visibility.PUBLIC),
        ({"publicity": Publicity.COORDINATORS_ONLY}, Visibility.SPONSORS),
        ({"publicity": Publicity.PUBLIC, "birth_date": CHILD}, Visibility.PUBLIC),
        ({"publicity": Publicity.PUBLIC, "detention_status": DetentionStatus.RELEASED}, Visibility.PUBLIC),
    ],
)
def test_f3_a_photo_reaches_no_further_than_its_case_and_a_child_is_never_public(
    app: Flask, case: dict[str, object], wanted: Visibility
) -> None:
    prisoner = make_prisoner(**case)
    keeper = viewer_of(make_coordinator(caseload=[prisoner]))
    photo = put(prisoner, keeper)

    with pytest.raises(BadInput):
        show(prisoner, keeper, replace(EVERYBODY, visibility=wanted), seen=photo.seen_as)


@pytest.mark.parametrize(
    "change",
    [
        {"publicity": Publicity.SPONSORS_ONLY},
        {"publicity": Publicity.COORDINATORS_ONLY},
        {"detention_status": DetentionStatus.RELEASED},
        {"detention_status": DetentionStatus.DIED_IN_CUSTODY},
        {"birth_date": CHILD},
    ],
)
def test_f3_a_public_photo_goes_with_the_public_case(prisoner: Prisoner, change: dict[str, object]) -> None:
    photo = make_photo(prisoner=prisoner, visibility=Visibility.PUBLIC)
    assert seen_by(None, photo)
    assert ids_shown([prisoner], to=Visibility.PUBLIC) == {prisoner.id: photo.id}

    with writing():
        for column, value in change.items():
            setattr(prisoner, column, value)

    assert not seen_by(None, photo)
    assert ids_shown([fresh(prisoner)], to=Visibility.PUBLIC) == {}


def test_z2_a_sponsor_sees_it_while_they_stand_by_the_prisoner_and_no_longer(prisoner: Prisoner) -> None:
    photo = make_photo(prisoner=prisoner, visibility=Visibility.SPONSORS)
    match = make_match(prisoner=prisoner, state=MatchState.ACTIVE)
    mine, other = viewer_of(match.sponsor.account), viewer_of(make_sponsor().account)

    assert (seen_by(mine, photo), seen_by(other, photo), seen_by(None, photo)) == (True, False, False)

    with writing():
        match.state = MatchState.PAUSED

    assert not seen_by(mine, photo)


def test_f3_what_sponsors_may_see_ends_when_the_case_is_for_coordinators_alone(prisoner: Prisoner) -> None:
    photo = make_photo(prisoner=prisoner, visibility=Visibility.PUBLIC)
    mine = viewer_of(make_match(prisoner=prisoner, state=MatchState.ACTIVE).sponsor.account)
    assert seen_by(mine, photo)

    with writing():
        prisoner.publicity = Publicity.COORDINATORS_ONLY

    assert not seen_by(mine, photo)
    assert reach_of(fresh(prisoner)) is Visibility.COORDINATORS


@pytest.mark.parametrize("half", [{"confirmed": False}, {"awaits_second_factor": True}])
def test_f3_whoever_has_not_come_in_wholly_sees_what_strangers_see(
    prisoner: Prisoner, keeper: Viewer, half: dict[str, bool]
) -> None:
    photo = put(prisoner, keeper)

    assert not seen_by(replace(keeper, **half), photo)


def test_f3_another_photo_is_another_address_and_begins_with_coordinators(prisoner: Prisoner, keeper: Viewer) -> None:
    first = show(prisoner, keeper, EVERYBODY, seen=put(prisoner, keeper).seen_as)
    seen, address = first.seen_as, first.id

    second = put(prisoner, keeper, seen=seen, colour="maroon")

    assert (second.id != address, id_of(prisoner.id)) == (True, second.id)
    assert not seen_by(None, second)
    assert content(keeper, address, PhotoSize.CARD) is None
    assert session().scalar(select(func.count()).select_from(Photo)) == 1


def test_c1_of_two_who_decide_on_one_photo_the_second_is_told(prisoner: Prisoner, keeper: Viewer) -> None:
    seen = put(prisoner, keeper).seen_as
    show(prisoner, keeper, EVERYBODY, seen=seen)

    for act in (
        lambda: show(prisoner, keeper, EVERYBODY, seen=seen),
        lambda: put(prisoner, keeper, seen=seen),
        lambda: put(prisoner, keeper, seen=""),
        lambda: remove(prisoner, keeper, seen=seen),
    ):
        with pytest.raises(StaleRecord):
            act()

    assert actions_of(prisoner) == ["add_photo", "show_photo"]


def remove(prisoner: Prisoner, by: Viewer, *, seen: str) -> None:
    with transaction():
        photos.remove(prisoner_id=prisoner.id, by=by, seen=seen)


def test_z5_nobody_else_puts_one_in_or_takes_it_out(prisoner: Prisoner, keeper: Viewer) -> None:
    photo = put(prisoner, keeper)
    stranger = viewer_of(make_coordinator(caseload=[make_prisoner()]))
    sponsor = viewer_of(make_match(prisoner=prisoner, state=MatchState.ACTIVE).sponsor.account)

    for act in (
        lambda by: put(prisoner, by, seen=photo.seen_as),
        lambda by: show(prisoner, by, EVERYBODY, seen=photo.seen_as),
        lambda by: remove(prisoner, by, seen=photo.seen_as),
    ):
        with pytest.raises(NotFound):
            act(stranger)
        with pytest.raises(NotAllowed):
            act(sponsor)


def test_p5_a_photo_that_is_taken_out_is_gone_from_the_bytes_that_are_stored(
    prisoner: Prisoner, keeper: Viewer
) -> None:
    picture = replace(made_picture(), card=b"\xff\xd8\xff canary-of-a-face " * 500)
    with transaction():
        seen = photos.put(picture, prisoner_id=prisoner.id, by=keeper, seen="").seen_as
    assert "canary-of-a-face" in everything_stored()
    session().rollback()

    remove(prisoner, keeper, seen=seen)

    assert "canary-of-a-face" not in everything_stored()
    assert actions_of(prisoner) == ["add_photo", "remove_photo"]


def test_a_prisoner_who_is_deleted_takes_the_photo_along(prisoner: Prisoner) -> None:
    make_photo(prisoner=prisoner)

    with transaction():
        session().delete(session().get_one(Prisoner, prisoner.id))

    assert session().scalar(select(func.count()).select_from(Photo)) == 0


def test_p6_photos_of_those_long_free_or_dead_are_taken_out(app: Flask) -> None:
    free = {"detention_status": DetentionStatus.RELEASED}
    long_free = make_prisoner(released_on=PartialDate(2024, 5), **free)
    long_dead = make_prisoner(died_on=PartialDate(2023), detention_status=DetentionStatus.DIED_IN_CUSTODY)
    kept = [
        make_prisoner(released_on=PartialDate(2025), **free),
        make_prisoner(released_on=None, **free),
        make_prisoner(released_on=PartialDate(2020, 1, 1)),
    ]
    for somebody in (long_free, long_dead, *kept):
        make_photo(prisoner=somebody)

    with transaction():
        gone = photos.remove_over(datetime(2025, 12, 31, tzinfo=UTC), 10)

    assert gone == 2
    assert set(session().scalars(select(Photo.prisoner_id))) == {somebody.id for somebody in kept}
    assert (actions_of(long_free), actions_of(long_dead)) == (["remove_photo"], ["remove_photo"])
    with transaction():
        assert photos.remove_over(datetime(2025, 12, 31, tzinfo=UTC), 10) == 0


def test_whoever_put_it_in_may_be_forgotten_and_the_photo_stays(prisoner: Prisoner) -> None:
    account: Account = make_account()
    photo = make_photo(prisoner=prisoner, by=account)

    with transaction():
        privacy.forget(account.id, by=None)

    assert fresh(photo).added_by == account.id


def test_the_log_is_emptied_only_where_nothing_is_open(app: Flask) -> None:
    assert empty_log()
