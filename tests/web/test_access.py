"""Z1: every route × everybody × method stands in one table; a route that is missing here fails."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

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
    make_prisoner,
    make_quarantined_row,
    make_reading_count,
    make_sponsor,
    make_task,
    make_upload,
)
from tests.web.browsing import browser_of

PEOPLE = (
    "anonymous", "unverified", "sponsor_a", "office_a", "sponsor_b", "coordinator_x", "coordinator_y", "administrator",
)  # fmt: skip

# What each person of PEOPLE meets, in order: 2 the page or its act (2xx, 3xx to a page of theirs, 4xx for an empty
# form), L the log-in, U "confirm your address", 3 forbidden, 4 not there.
OPEN = "22222222"
SELF = "L2222222"  # whoever is logged in
STAFF_ONLY = "LU333223"
OF_X = "LU333243"  # a record of region X: for Y it is not there
PROGRAMME = "LU333233"  # runs and imports; of the scene's staff only X is appointed to them
SPONSORS = "LU222333"
IN_PERSON = "LU232333"  # a sponsor, and nobody who acts for them
OF_A_IN_PERSON = "LU234333"
OF_A = "LU224333"  # a record of sponsor A
PARLIAMENTS = "LU333232"  # of the scene's coordinators only X is of the programme
ADMIN = "LU333332"

TABLE: dict[tuple[str, str], str] = {
    ("GET", "static"): OPEN,
    ("GET", "bootstrap.static"): OPEN,
    ("GET", "public.home"): OPEN,
    ("GET", "public.people"): OPEN,
    ("GET", "public.how"): OPEN,
    ("GET", "public.safety"): OPEN,
    ("GET", "public.healthz"): OPEN,
    ("GET", "public.readyz"): OPEN,
    ("GET", "public.signup"): OPEN,
    ("POST", "public.signup_answer"): OPEN,
    ("GET", "public.signup_sent"): OPEN,
    ("GET", "public.login"): "2U222222",
    ("POST", "public.login_check"): OPEN,
    ("POST", "public.logout"): OPEN,
    ("GET", "public.unconfirmed"): SELF,
    ("POST", "public.send_again"): SELF,
    ("GET", "public.confirm"): "44444444",
    ("POST", "public.confirm_now"): "44444444",
    ("GET", "sponsor.home"): SPONSORS,
    ("GET", "sponsor.match"): OF_A,
    ("POST", "sponsor.accept"): OF_A,
    ("GET", "sponsor.refuse"): OF_A,
    ("POST", "sponsor.refuse"): OF_A,
    ("GET", "coordinator.desk"): STAFF_ONLY,
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
    ("POST", "coordinator.run_matching"): "LU333233",
    ("GET", "coordinator.imports"): PROGRAMME,
    ("POST", "coordinator.upload"): PROGRAMME,
    ("GET", "coordinator.import_preview"): PROGRAMME,
    ("GET", "coordinator.import_mapping"): PROGRAMME,
    ("POST", "coordinator.explain_headings"): PROGRAMME,
    ("POST", "coordinator.apply_import"): PROGRAMME,
    ("POST", "coordinator.throw_away_import"): PROGRAMME,
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
    ("GET", "coordinator.run_progress"): "LU333233",
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
    ("POST", "sponsor.leave_now"): "LU2L2333",  # the office is not allowed to, and gone once A has left
    ("GET", "sponsor.office"): SPONSORS,
    ("POST", "sponsor.choose_mails"): IN_PERSON,
    ("GET", "sponsor.invite"): IN_PERSON,
    ("POST", "sponsor.invite_office"): IN_PERSON,
    ("GET", "sponsor.removing_office"): OF_A_IN_PERSON,
    ("POST", "sponsor.remove_office"): "LU2L4333",  # gone once A has removed it
    ("GET", "sponsor.official"): OF_A_IN_PERSON,  # of the scene's sponsors only A sits in a parliament
    ("POST", "sponsor.name_official"): OF_A_IN_PERSON,
    ("GET", "public.invitation"): "44444444",
    ("POST", "public.join_office"): "44444444",
    ("GET", "public.official_address"): "44444444",
    ("POST", "public.prove_address"): "44444444",
    ("POST", "coordinator.vet_official"): OF_X,
    ("GET", "admin.parliaments"): PARLIAMENTS,
    ("POST", "admin.add_parliament"): PARLIAMENTS,
    ("GET", "admin.vouching"): PARLIAMENTS,
    ("POST", "admin.vouch"): PARLIAMENTS,
    ("POST", "admin.unvouch"): PARLIAMENTS,
    ("POST", "admin.remove_parliament"): "LU333234",  # X has removed it before the administrator comes
    ("POST", "coordinator.reopen"): OF_X,
    ("GET", "coordinator.standing"): OF_X,
    ("POST", "coordinator.change_standing"): OF_X,
    ("GET", "coordinator.sponsor_mails"): OF_X,
    ("GET", "admin.mail"): "LU333232",  # of the scene's coordinators only X is of the programme
    ("GET", "public.metrics"): "44444444",  # for whoever shows the token, in test_metrics.py
    ("GET", "coordinator.mails_in_doubt"): "LU333222",  # administrators settle the mails to staff
    ("POST", "coordinator.settle_mail"): "LU333244",
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
    ("GET", "coordinator.exports"): "LU333222",
    ("POST", "coordinator.ask_export"): "LU333222",
    ("POST", "coordinator.approve_export"): "LU333332",  # X asked for it, and nobody approves their own
    ("POST", "coordinator.decline_export"): "LU333332",
    ("POST", "coordinator.download_export"): "LU333244",
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
    ("GET", "public.unsubscribe"): "44444444",
    ("POST", "public.unsubscribe_now"): "44444444",
    ("GET", "public.answer"): "44444444",
    ("POST", "public.answer_now"): "44444444",
    ("GET", "public.reset"): OPEN,
    ("POST", "public.ask_to_reset"): OPEN,
    ("GET", "public.reset_sent"): OPEN,
    ("GET", "public.new_password"): "44444444",
    ("POST", "public.set_password"): "44444444",
    ("GET", "public.new_address"): "44444444",
    ("POST", "public.take_address"): "44444444",
    ("GET", "account.overview"): SELF,
    ("POST", "account.end_session"): "L4244444",  # of sponsor A
    ("POST", "account.end_sessions"): SELF,
    ("GET", "account.password_again"): SELF,
    ("POST", "account.password_given"): SELF,
    ("GET", "account.password"): SELF,
    ("POST", "account.change_password"): SELF,
    ("GET", "account.address"): SELF,
    ("POST", "account.ask_for_address"): SELF,
    ("GET", "account.second_factor"): SELF,
    ("POST", "account.begin_second_factor"): SELF,
    ("GET", "account.app"): SELF,
    ("POST", "account.confirm_app"): SELF,
    ("POST", "account.renew_codes"): SELF,
    ("GET", "account.second_factor_off"): SELF,
    ("POST", "account.switch_off"): "L2222333",  # whoever works here needs one
    ("GET", "admin.second_factors"): ADMIN,
    ("POST", "admin.reset_second_factor"): ADMIN,
}

ABOUT_LETTERS = frozenset(endpoint for _, endpoint in TABLE if "letter" in endpoint)
"""Pages of an active match, where the others are tried on an offer."""


@dataclass
class Scene:
    """A proposal and an offer between A and a prisoner of X's caseload, and everybody's browser."""

    browsers: dict[str, FlaskClient]
    ids: dict[str, str]


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    app.config["WTF_CSRF_ENABLED"] = False
    held = make_prisoner()
    a, b = make_sponsor(country="FR", role=SponsorRole.PARLIAMENTARIAN), make_sponsor(country="DE")
    office = make_office_of(a)
    offer = make_match(sponsor=a, prisoner=held, state=MatchState.APPROVED)
    x = make_coordinator(roles=[StaffRole.COORDINATOR, StaffRole.PROGRAMME], regions=["FR"], caseload=[held])
    accounts = {
        "unverified": make_sponsor(account=make_account(email_confirmed_at=None)).account,
        "sponsor_a": a.account,
        "office_a": session().get_one(Account, office.account_id),
        "sponsor_b": b.account,
        "coordinator_x": x,
        "coordinator_y": make_coordinator(regions=["DE"], caseload=[make_prisoner()]),
        "administrator": make_administrator(),
    }
    browsers = {name: browser_of(app, account) for name, account in accounts.items()}
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
    ids |= {"office_id": office.id, "domain_id": make_official_domain().id}
    ids |= {"export_id": make_export(by=x, persons=PERSONS_ALONE + 1).id}
    ids |= {"contact_id": make_contact(prisoner=held).id}
    yield Scene({"anonymous": app.test_client(), **browsers}, ids)
    app.config["WTF_CSRF_ENABLED"] = True


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


def outcome(browser: FlaskClient, method: str, path: str, ids: dict[str, str]) -> str:
    filled = {"version": "1", "prisoner": ids["prisoner_id"], "kind": "letter_writer", "reason": "other", "note": "x"}
    answer = browser.open(path, method=method, data=filled if method == "POST" else None)
    if answer.status_code == 403:
        return "3"
    if answer.status_code == 404:
        return "4"
    if answer.status_code == 302 and answer.location.startswith("/login"):
        return "L"
    if answer.status_code == 302 and answer.location == "/unconfirmed" and path != "/unconfirmed":
        return "U"
    assert answer.status_code < 500, f"{method} {path} broke"
    return "2"


@pytest.mark.slow
@pytest.mark.parametrize(("method", "endpoint"), sorted(TABLE))
def test_z1_everybody_meets_what_the_table_says(app: Flask, scene: Scene, method: str, endpoint: str) -> None:
    path = path_of(app, endpoint, scene.ids)

    met = "".join(outcome(scene.browsers[person], method, path, scene.ids) for person in PEOPLE)

    assert dict(zip(PEOPLE, met, strict=True)) == dict(zip(PEOPLE, TABLE[method, endpoint], strict=True))
