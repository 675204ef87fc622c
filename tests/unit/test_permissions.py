"""Roles, permissions and regions: pure values."""

from dataclasses import replace

import pytest

from app.permissions import EVERYWHERE, Permission, Viewer, allowed, permissions_of
from app.vocabulary import StaffRole


def viewer(*roles: StaffRole, confirmed: bool = True, sponsor: str | None = None, regions: str = "") -> Viewer:
    return Viewer("a", sponsor_id=sponsor, confirmed=confirmed, roles=frozenset(roles), regions=frozenset(regions))


def test_a_stranger_may_do_nothing() -> None:
    assert not any(allowed(None, permission) for permission in Permission)


def test_an_account_without_role_or_sponsor_may_do_nothing() -> None:
    assert permissions_of(viewer()) == frozenset()


@pytest.mark.parametrize("role", StaffRole)
def test_nobody_may_do_anything_before_their_address_is_confirmed(role: StaffRole) -> None:
    assert permissions_of(viewer(role, confirmed=False, sponsor="s")) == frozenset()


def test_an_administrator_cannot_do_a_coordinators_work() -> None:
    assert permissions_of(viewer(StaffRole.ADMINISTRATOR)) == {
        Permission.SEE_ADMIN,
        Permission.SET_POLICY,
        Permission.SETTLE_MAILS,
        Permission.WATCH_MAIL,
        Permission.LIFT_SUPPRESSIONS,
        Permission.RESET_SECOND_FACTOR,
        Permission.EXPORT,
        Permission.DECIDE_EXPORTS,
        Permission.WATCH_STAFF,
        Permission.APPOINT_STAFF,
        Permission.CLOSE_ACCOUNTS,
        Permission.GIVE_PRISONERS,
        Permission.EDIT_PARLIAMENTS,
    }


@pytest.mark.parametrize("role", StaffRole)
def test_a8_staff_may_do_nothing_before_their_second_factor(role: StaffRole) -> None:
    awaiting = replace(viewer(role, sponsor="s"), awaits_second_factor=True)

    assert permissions_of(awaiting) == frozenset()


def test_runs_and_imports_need_the_programme_permission() -> None:
    coordinator = viewer(StaffRole.COORDINATOR)

    assert not allowed(coordinator, Permission.RUN_MATCHING)
    assert not allowed(coordinator, Permission.IMPORT_PRISONERS)
    assert allowed(viewer(StaffRole.PROGRAMME), Permission.RUN_MATCHING)


def test_a_sponsor_sees_their_home_and_no_desk() -> None:
    own = {
        Permission.OWN_HOME,
        Permission.ANSWER_OFFER,
        Permission.WRITE_LETTERS,
        Permission.CHOOSE_PREFERENCES,
        Permission.DECIDE_FOR_ONESELF,
    }
    assert permissions_of(viewer(sponsor="s")) == own


def test_an_office_acts_for_its_sponsor_and_decides_nothing_in_person() -> None:
    office = replace(viewer(sponsor="s"), is_office=True)

    assert permissions_of(office) == permissions_of(viewer(sponsor="s")) - {Permission.DECIDE_FOR_ONESELF}
    assert permissions_of(replace(office, sponsor_id=None)) == frozenset()
    assert permissions_of(replace(office, confirmed=False)) == frozenset()


@pytest.mark.parametrize("role", StaffRole)
def test_z7_whoever_acts_for_a_sponsor_does_no_work_of_staff(role: StaffRole) -> None:
    office = replace(viewer(role, sponsor="s", regions="*"), is_office=True)

    assert not any(allowed(office, permission) for permission in permissions_of(viewer(role)))


def test_regions_are_countries_or_everywhere() -> None:
    french = Viewer("a", regions=frozenset({"FR"}))
    everywhere = Viewer("a", regions=frozenset({EVERYWHERE}))

    assert french.covers_country("FR")
    assert not french.covers_country("DE")
    assert everywhere.covers_country("DE")
