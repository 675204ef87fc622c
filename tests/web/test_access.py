"""Z1: every route × everybody × method stands in one table; a route that is missing here fails.

The scene is made once for each database and put back before every test.
"""

from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import now
from app.database import session
from app.models import PERSONS_ALONE, Account
from app.queries.accounts import sessions_of
from app.vocabulary import MatchState, OutgoingState, SponsorRole, StaffRole, VettingState
from tests.factories import (
    make_account,
    make_administrator,
    make_alert,
    make_canary,
    make_contact,
    make_coordinator,
    make_dry_run_task,
    make_export,
    make_letter,
    make_login,
    make_mail,
    make_match,
    make_office_of,
    make_official_domain,
    make_photo,
    make_prisoner,
    make_quarantined_row,
    make_reading_count,
    make_sponsor,
    make_task,
    make_upload,
)
from tests.web.browsing import browser_with
from tests.web.world import Rows, put_back

PEOPLE = (
    "anonymous",
    "unverified",
    "sponsor_a",
    "office_a",  # acts for A
    "sponsor_b",
    "coordinator_x",
    "coordinator_y",
    "administrator",
    "programme",  # runs and imports, and coordinates nothing
    "codeless",  # has every role, and has shown no code of a second factor (A8)
    "closed",  # a coordinator whose log-in was closed while they were inside (A6)
)

# What each person of PEOPLE meets, in order: 2 the page or its act (2xx, 3xx to a page of theirs, 4xx for an empty
# form), L the log-in, U "confirm your address", C "set up your second factor", 3 forbidden, 4 not there.
OPEN = "22222222222"
SELF = "L222222222L"  # whoever is logged in
SELF_IN_PERSON = "L223222222L"  # and acts for nobody
STAFF_ONLY = "LU3332233CL"
DESK = "LU3332232CL"  # coordinators, and the programme's people
OF_X = "LU3332433CL"  # a record of region X: for Y it is not there
PROGRAMME = "LU3332332CL"  # runs and imports; of the scene's coordinators only X is appointed to them
OF_X_ALONE = "LU3332334CL"  # what X has uploaded, which no colleague sees
SPONSORS = "LU2223333CL"
OF_A = "LU2243333CL"  # a record of sponsor A
ADMIN = "LU3333323CL"
IN_PERSON = "LU2323333CL"  # a sponsor, and nobody who acts for them
OF_A_IN_PERSON = "LU2343333CL"
PARLIAMENTS = "LU3332322CL"  # of the scene's coordinators only X is of the programme
NOWHERE = "44444444444"

TABLE: dict[tuple[str, str], str] = {
    ("GET", "static"): OPEN,
    ("GET", "bootstrap.static"): OPEN,
    ("GET", "public.home"): OPEN,
    ("GET", "public.people"): OPEN,
    ("GET", "public.how"): OPEN,
    ("GET", "public.safety"): OPEN,
    ("GET", "public.privacy"): OPEN,
    ("GET", "public.erased"): OPEN,
    ("GET", "public.healthz"): OPEN,
    ("GET", "public.readyz"): OPEN,
    ("GET", "public.signup"): OPEN,
    ("POST", "public.signup_answer"): OPEN,
    ("GET", "public.signup_sent"): OPEN,
    ("GET", "public.login"): "222222222C2",
    ("POST", "public.login_check"): OPEN,
    ("POST", "public.logout"): OPEN,
    ("GET", "public.unconfirmed"): OPEN,
    ("POST", "public.send_again"): OPEN,
    ("GET", "public.confirm"): NOWHERE,
    ("POST", "public.confirm_now"): NOWHERE,
    ("GET", "sponsor.home"): SPONSORS,
    ("GET", "sponsor.match"): OF_A,
    ("POST", "sponsor.accept"): OF_A,
    ("GET", "sponsor.refuse"): OF_A,
    ("POST", "sponsor.refuse"): OF_A,
    ("GET", "coordinator.desk"): DESK,
    ("GET", "coordinator.proposals"): STAFF_ONLY,
    ("GET", "coordinator.proposal"): OF_X,
    ("POST", "coordinator.approve"): OF_X,
    ("POST", "coordinator.decline"): OF_X,
    ("POST", "coordinator.take_back"): OF_X,
    ("POST", "coordinator.approve_chosen"): STAFF_ONLY,
    ("GET", "coordinator.sponsors"): STAFF_ONLY,
    ("GET", "coordinator.sponsor"): OF_X,
    ("POST", "coordinator.vet"): OF_X,
    ("POST", "coordinator.map_conflict"): OF_X,
    ("GET", "coordinator.prisoners"): STAFF_ONLY,
    ("GET", "coordinator.prisoner"): OF_X,
    ("GET", "coordinator.why_not"): OF_X,
    ("GET", "coordinator.why_not_pair"): OF_X,
    ("GET", "coordinator.alone"): STAFF_ONLY,
    ("POST", "coordinator.run_matching"): PROGRAMME,
    ("GET", "coordinator.imports"): PROGRAMME,
    ("POST", "coordinator.upload"): PROGRAMME,
    ("GET", "coordinator.import_preview"): OF_X_ALONE,
    ("GET", "coordinator.import_mapping"): OF_X_ALONE,
    ("POST", "coordinator.explain_headings"): OF_X_ALONE,
    ("POST", "coordinator.apply_import"): OF_X_ALONE,
    ("POST", "coordinator.throw_away_import"): OF_X_ALONE,
    ("GET", "coordinator.quarantine"): PROGRAMME,
    ("GET", "coordinator.quarantine_group"): PROGRAMME,
    ("POST", "coordinator.decide_row"): PROGRAMME,
    ("POST", "coordinator.forget_decision"): PROGRAMME,
    ("GET", "coordinator.all_texts"): PROGRAMME,
    ("GET", "coordinator.text"): PROGRAMME,
    ("POST", "coordinator.save_text"): PROGRAMME,
    ("GET", "coordinator.text_versions"): PROGRAMME,
    ("POST", "coordinator.restore_text"): PROGRAMME,
    ("GET", "admin.home"): ADMIN,
    ("GET", "admin.policy"): ADMIN,
    ("GET", "admin.change_policy"): ADMIN,
    ("POST", "admin.change_policy_further"): ADMIN,
    ("POST", "admin.compare_policy"): ADMIN,
    ("POST", "admin.put_policy"): ADMIN,
    ("GET", "admin.dry_run"): ADMIN,
    ("GET", "coordinator.run_progress"): PROGRAMME,
    ("GET", "coordinator.event"): OF_X,
    ("POST", "coordinator.event_consequences"): OF_X,
    ("POST", "coordinator.record_event"): OF_X,
    ("GET", "sponsor.write_letter"): OF_A,
    ("POST", "sponsor.print_letter"): OF_A,
    ("GET", "sponsor.letters_sent"): OF_A,
    ("POST", "sponsor.letter_sent"): OF_A,
    ("POST", "sponsor.letter_outcome"): OF_A,
    ("GET", "sponsor.settings"): SPONSORS,
    ("POST", "sponsor.choose"): SPONSORS,
    ("POST", "sponsor.go_on"): SPONSORS,
    ("GET", "sponsor.pause"): SPONSORS,
    ("POST", "sponsor.begin_pause"): SPONSORS,
    ("POST", "sponsor.end_pause"): SPONSORS,
    ("GET", "sponsor.leave"): IN_PERSON,
    ("POST", "sponsor.leave_now"): IN_PERSON,
    ("POST", "coordinator.reopen"): OF_X,
    ("GET", "coordinator.standing"): OF_X,
    ("POST", "coordinator.change_standing"): OF_X,
    ("GET", "coordinator.sponsor_mails"): OF_X,
    ("GET", "admin.mail"): "LU3332322CL",  # of the scene's coordinators only X is of the programme
    ("GET", "public.metrics"): NOWHERE,  # for whoever shows the token, in test_metrics.py
    ("GET", "coordinator.mails_in_doubt"): "LU3332223CL",  # administrators settle the mails to staff
    ("POST", "coordinator.settle_mail"): "LU3332443CL",
    ("POST", "coordinator.mark_silent"): OF_X,
    ("POST", "coordinator.heard_from"): OF_X,
    ("GET", "coordinator.keeping_lists"): STAFF_ONLY,
    ("GET", "coordinator.addresses_due"): STAFF_ONLY,
    ("POST", "coordinator.verify_address"): OF_X,
    ("GET", "admin.watch"): ADMIN,
    ("POST", "admin.alert_seen"): ADMIN,
    ("POST", "admin.grant_reading"): ADMIN,
    ("GET", "admin.canaries"): ADMIN,
    ("POST", "admin.plant_prisoner"): ADMIN,
    ("POST", "admin.plant_sponsor"): ADMIN,
    ("POST", "admin.take_out_canary"): ADMIN,
    ("GET", "coordinator.exports"): "LU3332222CL",
    ("POST", "coordinator.ask_export"): "LU3332222CL",
    ("POST", "coordinator.approve_export"): "LU3333322CL",  # X asked for it, and nobody approves their own
    ("POST", "coordinator.decline_export"): "LU3333322CL",
    ("POST", "coordinator.download_export"): "LU3332444CL",
    ("GET", "coordinator.contacts"): OF_X,
    ("GET", "coordinator.new_contact"): OF_X,
    ("POST", "coordinator.add_contact"): OF_X,
    ("GET", "coordinator.contact"): OF_X,
    ("POST", "coordinator.open_contact"): OF_X,
    ("GET", "coordinator.change_contact_later"): OF_X,
    ("POST", "coordinator.change_contact"): OF_X,
    ("GET", "coordinator.contact_removal"): OF_X,
    ("POST", "coordinator.remove_contact"): OF_X,
    ("GET", "admin.openings"): ADMIN,
    ("GET", "public.unsubscribe"): NOWHERE,
    ("POST", "public.unsubscribe_now"): NOWHERE,
    ("GET", "public.answer"): NOWHERE,
    ("POST", "public.answer_now"): NOWHERE,
    ("GET", "public.reset"): OPEN,
    ("POST", "public.ask_to_reset"): OPEN,
    ("GET", "public.reset_sent"): OPEN,
    ("GET", "public.new_password"): NOWHERE,
    ("POST", "public.set_password"): NOWHERE,
    ("GET", "public.new_address"): NOWHERE,
    ("POST", "public.take_address"): NOWHERE,
    ("GET", "account.overview"): SELF,
    ("GET", "account.language"): SELF,
    ("POST", "account.choose_language"): SELF,
    ("POST", "account.end_session"): "L424444444L",  # of sponsor A
    ("POST", "account.end_sessions"): SELF,
    ("GET", "account.password_again"): SELF,
    ("POST", "account.password_given"): SELF,
    ("GET", "account.password"): SELF,
    ("POST", "account.change_password"): SELF,
    ("GET", "account.address"): SELF_IN_PERSON,
    ("POST", "account.ask_for_address"): SELF_IN_PERSON,
    ("GET", "account.second_factor"): SELF,
    ("POST", "account.begin_second_factor"): SELF,
    ("GET", "account.app"): SELF,
    ("POST", "account.confirm_app"): SELF,
    ("POST", "account.renew_codes"): SELF,
    ("GET", "account.second_factor_off"): SELF,
    ("POST", "account.switch_off"): "L222233333L",  # whoever works here needs one
    ("GET", "account.data"): SELF,
    ("POST", "account.take_data"): SELF,
    ("GET", "account.erase"): SELF,
    ("POST", "account.erase_now"): SELF,
    ("GET", "public.photo"): "44444244444",  # for coordinators of its prisoner alone, until more is allowed
    ("GET", "public.security_txt"): NOWHERE,  # where somebody is named, in test_well_known.py
    ("GET", "public.robots"): OPEN,
    ("GET", "coordinator.photo"): OF_X,
    ("POST", "coordinator.upload_photo"): OF_X,
    ("POST", "coordinator.show_photo"): OF_X,
    ("POST", "coordinator.remove_photo"): OF_X,
    ("GET", "admin.staff"): ADMIN,
    ("GET", "admin.invite_form"): ADMIN,
    ("POST", "admin.invite"): ADMIN,
    ("GET", "admin.staff_member"): ADMIN,
    ("POST", "admin.invite_again"): ADMIN,
    ("POST", "admin.change_roles"): ADMIN,
    ("GET", "admin.regions_form"): ADMIN,
    ("POST", "admin.change_regions"): ADMIN,
    ("POST", "admin.give_prisoners"): ADMIN,
    ("GET", "admin.taking_back"): ADMIN,
    ("POST", "admin.take_prisoners"): ADMIN,
    ("POST", "admin.hand_over"): ADMIN,
    ("GET", "admin.close_staff_form"): ADMIN,
    ("POST", "admin.close_staff"): ADMIN,
    ("POST", "admin.open_staff_again"): ADMIN,
    ("GET", "admin.sponsor_log_ins"): ADMIN,
    ("POST", "admin.change_sponsor_log_in"): ADMIN,
    ("GET", "coordinator.sponsor_log_in"): OF_X,
    ("POST", "coordinator.close_sponsor"): OF_X,
    ("POST", "coordinator.open_sponsor_again"): OF_X,
    ("GET", "coordinator.caseload"): "LU3332344CL",  # an administrator sees no prisoner, nor does who runs the matching
    ("POST", "coordinator.give_prisoner"): "LU3332344CL",
    ("POST", "coordinator.take_prisoner"): "LU3332344CL",
    ("GET", "public.invitation"): NOWHERE,
    ("GET", "public.office_invitation"): NOWHERE,
    ("POST", "public.accept_invitation"): NOWHERE,
    ("GET", "sponsor.office"): SPONSORS,
    ("POST", "sponsor.choose_mails"): IN_PERSON,
    ("GET", "sponsor.invite"): IN_PERSON,
    ("POST", "sponsor.invite_office"): IN_PERSON,
    ("GET", "sponsor.removing_office"): OF_A_IN_PERSON,
    ("POST", "sponsor.remove_office"): OF_A_IN_PERSON,
    ("GET", "sponsor.official"): OF_A_IN_PERSON,  # of the scene's sponsors only A sits in a parliament
    ("POST", "sponsor.name_official"): OF_A_IN_PERSON,
    ("POST", "public.join_office"): NOWHERE,
    ("GET", "public.official_address"): NOWHERE,
    ("POST", "public.prove_address"): NOWHERE,
    ("POST", "coordinator.vet_official"): OF_X,
    ("GET", "admin.parliaments"): PARLIAMENTS,
    ("POST", "admin.add_parliament"): PARLIAMENTS,
    ("GET", "admin.vouching"): PARLIAMENTS,
    ("POST", "admin.vouch"): PARLIAMENTS,
    ("POST", "admin.unvouch"): PARLIAMENTS,
    ("POST", "admin.remove_parliament"): PARLIAMENTS,
    ("GET", "admin.second_factors"): ADMIN,
    ("POST", "admin.reset_second_factor"): ADMIN,
}

ABOUT_LETTERS = frozenset(endpoint for _, endpoint in TABLE if "letter" in endpoint)
"""Pages of an active match, where the others are tried on an offer."""


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@dataclass
class Scene:
    """A proposal and an offer between A and a prisoner of X's caseload, and everybody's session."""

    tokens: dict[str, str]
    ids: dict[str, str]
    browsers: dict[str, FlaskClient] = field(default_factory=dict)

    def opened(self, app: Flask) -> "Scene":
        """The same with a fresh browser for everybody: what a test does with a cookie is no other test's."""
        inside = {name: browser_with(app, token) for name, token in self.tokens.items()}
        return Scene(self.tokens, self.ids, {"anonymous": app.test_client(), **inside})


def make_scene() -> Scene:
    """Everybody of PEOPLE, and what their pages are about."""
    held = make_prisoner()
    a, b = make_sponsor(country="FR", role=SponsorRole.PARLIAMENTARIAN), make_sponsor(country="DE")
    office = make_office_of(a)
    offer = make_match(sponsor=a, prisoner=held, state=MatchState.APPROVED)
    x = make_coordinator(
        roles=[StaffRole.COORDINATOR, StaffRole.PROGRAMME], regions=["FR"], caseload=[held, make_prisoner(country="RU")]
    )
    accounts = {
        "unverified": make_sponsor(account=make_account(email_confirmed_at=None)).account,
        "sponsor_a": a.account,
        "office_a": session().get_one(Account, office.account_id),
        "sponsor_b": b.account,
        "coordinator_x": x,
        "coordinator_y": make_coordinator(regions=["DE"], caseload=[make_prisoner()]),
        "administrator": make_administrator(),
        "programme": make_coordinator(roles=[StaffRole.PROGRAMME], regions=["FR"]),
        "codeless": make_coordinator(roles=StaffRole, second_factor=False),
        "closed": make_coordinator(caseload=[held], disabled_at=now()),
    }
    tokens = {
        name: make_login(account, second_factor_at=None if name == "codeless" else now())
        for name, account in accounts.items()
    }
    pending = make_sponsor(country="FR", vetting_state=VettingState.PENDING)
    ids = {"match_id": offer.id, "sponsor_id": pending.id, "prisoner_id": held.id, "upload_id": make_upload(by=x).id}
    active = make_match(sponsor=a, state=MatchState.ACTIVE)
    ids |= {"active_match_id": active.id, "letter_id": make_letter(match=active).id}
    row = make_quarantined_row()
    ids |= {"group_id": row.group_id, "row_id": row.id}
    ids |= {"mail_id": make_mail(account_id=a.account_id, state=OutgoingState.IN_DOUBT).id}
    ids |= {"run_task_id": make_task(by=x).id, "dry_run_task_id": make_dry_run_task(by=accounts["administrator"]).id}
    make_login(a.account)
    ids["session_id"] = sessions_of(a.account_id)[0].id
    alert, canary = make_alert(), make_canary(prisoner_id=make_prisoner().id)
    ids |= {"alert_id": alert.id, "canary_id": canary.id, "account_id": make_reading_count(x).account_id}
    ids |= {"export_id": make_export(by=x, persons=PERSONS_ALONE + 1).id}
    ids |= {"contact_id": make_contact(prisoner=held).id}
    ids |= {"photo_id": make_photo(prisoner=held, by=x).id, "size": "card"}
    ids |= {"office_id": office.id, "domain_id": make_official_domain().id}
    ids["proposal_id"] = make_match(sponsor=make_sponsor(country="FR"), prisoner=held).id
    ids |= {"colleague_id": accounts["coordinator_y"].id, "staff_email": x.email, "sponsor_email": a.account.email}
    return Scene(tokens, ids)


def routes(app: Flask) -> set[tuple[str, str]]:
    """Method and endpoint of everything that answers."""
    rules = app.url_map.iter_rules()
    return {(method, rule.endpoint) for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}


def test_z1_every_route_stands_in_the_table(app: Flask) -> None:
    assert routes(app) == set(TABLE)


def path_of(app: Flask, endpoint: str, ids: dict[str, str]) -> str:
    values = {"filename": "theme.css", "token": "no-such-token", "answer": "sent", **ids}
    values |= {"family": "mail", "name": "offer", "language": "en"}
    if endpoint in ABOUT_LETTERS:
        values["match_id"] = ids["active_match_id"]
    values["task_id"] = ids["dry_run_task_id" if endpoint == "admin.dry_run" else "run_task_id"]
    if endpoint == "bootstrap.static":
        values["filename"] = "css/bootstrap.min.css"
    with app.test_request_context():
        rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
        return app.url_for(endpoint, **{name: values[name] for name in rule.arguments})


def filled(ids: dict[str, str]) -> dict[str, str]:
    """What a form may be sent with; enough for some to be taken."""
    return {"version": "1", "prisoner": ids["prisoner_id"], "kind": "letter_writer", "reason": "other", "note": "x"}


def outcome(answer: TestResponse, path: str) -> str:
    if answer.status_code in (403, 404, 405):
        return {403: "3", 404: "4", 405: "5"}[answer.status_code]
    led_to = answer.location if answer.status_code == 302 else ""
    if led_to.startswith("/login"):
        return "L"
    if led_to == "/unconfirmed" and path != "/unconfirmed":
        return "U"
    if led_to == "/account/second-factor" and not path.startswith(led_to):
        return "C"
    assert answer.status_code < 500, f"{path} broke"
    return "2"


def met_by_everybody(app: Flask, scene: Scene, method: str, endpoint: str, *, kept: Rows) -> str:
    """What each of PEOPLE meets in the scene as it was made: what somebody has changed is put back before the next."""
    path, met = path_of(app, endpoint, scene.ids), ""
    data = filled(scene.ids) if method == "POST" else None
    for one in PEOPLE:
        met += outcome(scene.browsers[one].open(path, method=method, data=data), path)
        if data is not None and met.endswith("2"):
            put_back(kept)
    return met


@pytest.mark.slow
@pytest.mark.parametrize(("method", "endpoint"), sorted(TABLE))
def test_z1_everybody_meets_what_the_table_says(
    app_with_scene: Flask, scene: Scene, made_scene: tuple[Scene, Rows], method: str, endpoint: str
) -> None:
    """Who asks for a page's head alone meets the same."""
    expected = TABLE[method, endpoint]

    met = met_by_everybody(app_with_scene, scene, method, endpoint, kept=made_scene[1])

    assert dict(zip(PEOPLE, met, strict=True)) == dict(zip(PEOPLE, expected, strict=True))
    assert method != "GET" or met_by_everybody(app_with_scene, scene, "HEAD", endpoint, kept=made_scene[1]) == expected


@pytest.mark.slow
def test_z1_another_method_is_answered_with_405_whoever_asks(app_with_scene: Flask, scene: Scene) -> None:
    """Whoever may do nothing there learns no more from it than everybody does."""
    paths = {path_of(app_with_scene, endpoint, scene.ids) for _, endpoint in TABLE}
    adapter = app_with_scene.url_map.bind("localhost")
    wrong = [
        (path, method) for path in sorted(paths) for method in METHODS if method not in adapter.allowed_methods(path)
    ]

    answers = {
        (path, method, one): scene.browsers[one].open(path, method=method).status_code
        for path, method in wrong
        for one in ("anonymous", "sponsor_a", "administrator")
    }

    assert {asked: status for asked, status in answers.items() if status != 405} == {}


@pytest.mark.slow
def test_z1_asking_what_is_possible_shows_nobody_anything(app_with_scene: Flask, scene: Scene) -> None:
    paths = {path_of(app_with_scene, endpoint, scene.ids) for _, endpoint in TABLE}

    shown = [
        path
        for path in sorted(paths)
        for browser in (scene.browsers["anonymous"], scene.browsers["coordinator_x"])
        if (answer := browser.options(path)).status_code == 200 and answer.data
    ]

    assert shown == []
