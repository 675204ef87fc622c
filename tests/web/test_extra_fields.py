"""Z6: fields that a form does not have change nothing, at every route that takes a form."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from flask import Flask

from app.clock import today
from tests.factories import PASSWORD
from tests.web.changes import changes
from tests.web.test_access import PEOPLE, TABLE, Scene, path_of
from tests.web.world import put_back, rows

Form = Mapping[str, object]

EXTRA = {
    "role": "administrator",
    "roles": "administrator",
    "is_admin": "1",
    "admin": "true",
    "regions": "*",
    "state": "active",
    "vetting_state": "vetted",
    "vetted": "1",
    "vetted_at": "2020-01-01T00:00:00",
    "capacity": "99",
    "letters_a_month": "31",
    "godparent_seats": "99",
    "held": "1",
    "publicity": "public",
    "email_confirmed_at": "2020-01-01T00:00:00",
    "disabled_at": "2020-01-01T00:00:00",
    "password_hash": "x",
    "second_factor_at": "2020-01-01T00:00:00",
    "decided_by": "x",
    "by": "x",
    "granted_by": "x",
    "applied_by": "x",
    "persons": "1",
    "version_id": "99",
    "id": "x",
}
IDS = ("sponsor_id", "prisoner_id", "match_id", "account_id", "export_id", "session_id", "asked_by", "caused_by")
"""Filled with the ids of other records of the scene."""


def _event(_ids: dict[str, str]) -> Form:
    return {"type": "transfer", "day": str(today()), "source": "a source", "version": 1}


FORMS: Mapping[str, Callable[[dict[str, str]], Form]] = {
    "account.change_password": lambda _: {"present": PASSWORD, "password": "five entirely unrelated words"},
    "account.ask_for_address": lambda _: {"present": PASSWORD, "email": "another.one@example.org"},
    "account.password_given": lambda _: {"present": PASSWORD, "next": "/account"},
    "admin.invite": lambda _: {"email": "somebody.new@example.org", "roles": ["coordinator"]},
    "admin.change_roles": lambda _: {"roles": ["coordinator"], "seen": "coordinator,programme"},
    "admin.change_regions": lambda _: {"regions": ["DE"], "seen": "FR"},
    "admin.give_prisoners": lambda _: {"country": "BY", "facility": "", "unattended": "y"},
    "admin.take_prisoners": lambda _: {"country": "RU", "facility": ""},
    "admin.hand_over": lambda ids: {"colleague": ids["colleague_id"]},
    "admin.close_staff": lambda ids: {"reason": "left", "colleague": ids["colleague_id"]},
    "admin.change_sponsor_log_in": lambda ids: {"email": ids["sponsor_email"], "what": "close", "reason": "why"},
    "admin.reset_second_factor": lambda ids: {"email": ids["staff_email"]},
    "admin.plant_prisoner": lambda _: {"name": "Invented Person", "gender": "female"},
    "coordinator.vet": lambda _: {"version": 1, "decision": "rejected", "reason": "nobody answered"},
    "coordinator.close_sponsor": lambda _: {"reason": "asked for names"},
    "coordinator.map_conflict": lambda ids: {"prisoner": ids["prisoner_id"]},
    "coordinator.decline": lambda _: {"version": 1, "reason": "safety", "note": "x"},
    "coordinator.change_standing": lambda _: {"version": 1, "after": "paused", "reason": "coordinator", "note": "x"},
    "coordinator.give_prisoner": lambda ids: {"coordinator": ids["colleague_id"]},
    "coordinator.ask_export": lambda _: {"subject": "sponsors", "reason": "the yearly report"},
    "coordinator.event_consequences": _event,
    "coordinator.record_event": _event,
    "sponsor.refuse": lambda _: {"reason": "too_much", "note": "x"},
    "sponsor.choose": lambda _: {
        "version": 1,
        "letters_a_month": 2,
        "idea_weeks": 8,
        "capacity": 3,
        "quiet_days": ["6"],
        "reminders": ["letter_due"],
    },
    "sponsor.begin_pause": lambda _: {"resumes_on": str(today() + timedelta(days=2))},
    "sponsor.letter_sent": lambda _: {"sent_on": str(today())},
    "sponsor.letter_outcome": lambda _: {"outcome": "no_word"},
    "public.login_check": lambda ids: {"email": ids["sponsor_email"], "password": PASSWORD},
    "public.ask_to_reset": lambda ids: {"email": ids["sponsor_email"]},
}
"""What the forms are filled in with, so that they are taken; the others need nothing but their button."""

OTHER_MATCHES = {"coordinator.change_standing": "active_match_id", "coordinator.decline": "proposal_id"}
BY_CHANCE = frozenset({"admin.plant_prisoner", "admin.plant_sponsor"})
"""Acts that resemble somebody picked by chance, and so differ each time."""

ACTS = sorted(
    endpoint
    for method, endpoint in TABLE
    if method == "POST" and "2" in TABLE[method, endpoint] and endpoint not in BY_CHANCE
)


def rightful(endpoint: str) -> str:
    """Somebody whose act it is: of those who may, whoever stands in the scene for it."""
    may = {one for one, met in zip(PEOPLE, TABLE["POST", endpoint], strict=True) if met == "2"}
    return next(one for one in ("coordinator_x", "administrator", "sponsor_a", "anonymous") if one in may)


def sent(app: Flask, scene: Scene, endpoint: str, *, extra: Form) -> tuple[int, Counter[tuple[object, ...]]]:
    """What one post with these fields changes in the scene."""
    ids = scene.ids | {"match_id": scene.ids[OTHER_MATCHES.get(endpoint, "match_id")]}
    before = rows()
    data = {**extra, **FORMS.get(endpoint, lambda _: {"version": 1})(ids)}
    answer = scene.opened(app).browsers[rightful(endpoint)].post(path_of(app, endpoint, ids), data=data)
    changed = changes(before, rows())
    put_back(before)
    return answer.status_code, changed


@pytest.mark.slow
@pytest.mark.parametrize("endpoint", ACTS)
def test_z6_fields_that_a_form_does_not_have_change_nothing(app_with_scene: Flask, scene: Scene, endpoint: str) -> None:
    others = {name: scene.ids.get(name, scene.ids["colleague_id"]) for name in IDS}

    plain = sent(app_with_scene, scene, endpoint, extra={})

    assert sent(app_with_scene, scene, endpoint, extra=EXTRA | others) == plain


@pytest.mark.slow
@pytest.mark.parametrize("endpoint", sorted(FORMS))
def test_z6_the_forms_are_taken_so_that_the_extra_fields_had_a_chance(
    app_with_scene: Flask, scene: Scene, endpoint: str
) -> None:
    status, changed = sent(app_with_scene, scene, endpoint, extra={})

    assert status in (200, 302)
    assert changed or endpoint == "coordinator.event_consequences"
