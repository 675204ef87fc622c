"""Invented records: nobody can tell them, nobody is matched with or mails them, and who opens one is named (Z8)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.actions import canaries as actions
from app.actions import runs
from app.actions.canaries import InventedPrisoner, InventedSponsor
from app.clock import now, today
from app.database import session
from app.errors import BadInput, NotAllowed
from app.mail import messages
from app.mail.outbox import Message
from app.models import Account, Alert, AuditEvent, Canary, LeftAlone, Match, OutgoingMail, Prisoner, Sponsor
from app.queries import mails, matching
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import Gender, Publicity, SupportKind
from tests.factories import (
    fresh,
    make_account,
    make_administrator,
    make_coordinator,
    make_mail,
    make_match,
    make_prisoner,
    make_sponsor,
)
from tests.factories.accounts import password_hash
from tests.web.browsing import browser_of, soup, token_of

PRISONER = InventedPrisoner(name="Zoja Nikolina", name_cyrillic="Зоя Ніколіна", gender=Gender.FEMALE)
SPONSOR = InventedSponsor(
    name="Anna Niemand", email="anna.niemand@example.org", country="DE", vetting_reason="Spoke by video."
)


def _plant_prisoner(by: Account) -> Prisoner:
    with transaction():
        planted = actions.plant_prisoner(PRISONER, by=viewer_of(fresh(by)))
    return session().get_one(Prisoner, planted.prisoner_id)


def _plant_sponsor(by: Account, email: str = SPONSOR.email) -> Sponsor:
    with transaction():
        invented = replace(SPONSOR, email=email)
        planted = actions.plant_sponsor(invented, password_hash=password_hash(), by=viewer_of(fresh(by)))
    return session().get_one(Sponsor, planted.sponsor_id)


def _alerts() -> list[Alert]:
    session().rollback()
    return list(session().scalars(select(Alert)))


@pytest.mark.parametrize("kind", ["prisoners", "sponsors"])
def test_z8_who_opens_an_invented_record_is_named_to_the_others_and_does_not_notice(app: Flask, kind: str) -> None:
    real_one = make_match(prisoner=make_prisoner(gender=Gender.FEMALE))
    real = {"prisoners": real_one.prisoner_id, "sponsors": real_one.sponsor_id}[kind]
    officer, administrator = make_coordinator(roles=["coordinator", "programme", "administrator"]), make_administrator()
    invented = (_plant_prisoner if kind == "prisoners" else _plant_sponsor)(administrator).id
    client = browser_of(app, officer)
    client.get(f"/desk/{kind}")
    client.get(f"/desk/{kind}/{real}")
    before = _alerts()

    opened = client.get(f"/desk/{kind}/{invented}")
    client.get(f"/desk/{kind}/{invented}")

    assert before == []
    assert opened.status_code == 200
    [alert] = _alerts()
    assert (alert.kind, alert.caused_by) == ("canary_opened", officer.id)
    mailed = session().scalars(select(OutgoingMail.account_id).where(OutgoingMail.message == "alert")).all()
    assert administrator.id in mailed
    assert officer.id not in mailed
    audited = select(AuditEvent.by_account_id).where(AuditEvent.action == "open_canary")
    assert session().scalars(audited).all() == [officer.id]
    words = "Opened an invented record"
    assert words in browser_of(app, administrator).get("/admin").text
    assert words in browser_of(app, administrator).get("/admin/watch").text
    for path in ("/admin", "/admin/watch"):
        assert words not in client.get(path).text
        assert "open_canary" not in client.get(path).text


def test_z8_an_invented_record_looks_like_its_neighbours(app: Flask) -> None:
    model = make_prisoner(gender=Gender.FEMALE, occupation="Nurse", facts=["disability"], story="Canary")
    staff, administrator = make_coordinator(caseload=[model]), make_administrator()
    invented = _plant_prisoner(administrator)
    sponsor_model = make_sponsor(country="DE", role="parliamentarian", parliament="Bundestag", mandate_ends=today())
    sponsor = _plant_sponsor(administrator)
    client = browser_of(app, staff)

    like = ("facility_id", "sentence", "articles", "detention_status", "occupation", "godparent_seats")
    assert [getattr(invented, name) for name in like] == [getattr(fresh(model), name) for name in like]
    assert invented.birth_date != model.birth_date
    assert invented.story is None
    assert timedelta(0) < invented.created_at - model.created_at < timedelta(seconds=1)
    like_sponsor = ("role", "support_kind", "capacity", "vetting_state", "vetting_basis", "parliament", "mandate_ends")
    assert [getattr(sponsor, name) for name in like_sponsor] == [
        getattr(fresh(sponsor_model), name) for name in like_sponsor
    ]
    rows = soup(client.get("/desk/prisoners")).select("tbody tr")
    assert {row.get("class") for row in rows} == {None}
    assert len(rows) == 2
    for path in (f"/desk/prisoners/{invented.id}", f"/desk/sponsors/{sponsor.id}", "/desk/prisoners"):
        text = client.get(path).text.casefold()
        assert "invented" not in text
        assert "canary" not in text.replace("canary", "", 1 if "story" in text else 0)


def test_z8_no_two_moments_nor_spans_stand_in_the_records_twice(app: Flask) -> None:
    """Whoever compares the records to the microsecond finds nobody who is somebody else's copy."""
    signed_up = now() - timedelta(days=90)
    model = make_sponsor(
        country="DE", created_at=signed_up, vetted_at=signed_up + timedelta(days=3), account=make_account(
            created_at=signed_up, email_confirmed_at=signed_up + timedelta(hours=5)
        ),
    )  # fmt: skip
    planted = [_plant_sponsor(make_administrator(), email) for email in ("one@example.org", "two@example.org")]

    seen = [_moments(fresh(sponsor)) for sponsor in (model, *planted)]
    assert all(created < confirmed < vetted < now() for created, confirmed, vetted in seen)
    moments = [moment for one in seen for moment in one]
    spans = [later - created for created, *others in seen for later in others]
    assert len(set(moments)) == len(moments)
    assert len(set(spans)) == len(spans)


def _moments(sponsor: Sponsor) -> tuple[datetime, datetime, datetime]:
    assert sponsor.account.email_confirmed_at is not None
    assert sponsor.vetted_at is not None
    assert sponsor.account.created_at == sponsor.created_at
    return sponsor.created_at, sponsor.account.email_confirmed_at, sponsor.vetted_at


def test_z8_a_run_leaves_an_invented_prisoner_alone_like_their_neighbours_and_matches_nobody_invented(
    app: Flask,
) -> None:
    """Who is known to coordinators only stands among those left alone: whoever was missing there would be invented."""
    neighbour = make_prisoner(gender=Gender.FEMALE, publicity=Publicity.COORDINATORS_ONLY)
    real, administrator = make_sponsor(country="DE"), make_administrator()
    prisoner, sponsor = _plant_prisoner(administrator), _plant_sponsor(administrator)
    known = make_prisoner(publicity=Publicity.SPONSORS_ONLY, held=True)
    with transaction():
        opened, like = (session().get_one(Prisoner, one.id) for one in (prisoner, known))
        opened.publicity, opened.publicity_basis = like.publicity, like.publicity_basis
        opened.publicity_at, opened.publicity_by = like.publicity_at, like.publicity_by

    sheet = matching.fact_sheet(SupportKind.LETTER_WRITER, today())
    computed = runs.compute(SupportKind.LETTER_WRITER, today())
    with transaction():
        run = runs.store(computed, by=None)

    assert {one.id for one in sheet.sponsors} == {real.id}
    assert sponsor.id != real.id
    alone = set(session().scalars(select(LeftAlone.prisoner_id).where(LeftAlone.run_id == run.id)))
    assert {neighbour.id, prisoner.id} <= alone
    assert session().scalar(select(func.count()).select_from(Match)) == 0


@pytest.mark.parametrize("kind", ["prisoner", "sponsor"])
def test_z8_the_database_itself_refuses_a_match_with_an_invented_person(app: Flask, kind: str) -> None:
    make_prisoner(gender=Gender.FEMALE)
    make_sponsor()
    administrator = make_administrator()
    invented = _plant_prisoner(administrator) if kind == "prisoner" else _plant_sponsor(administrator)

    with pytest.raises(IntegrityError, match="canary"):
        make_match(**{kind: invented})


def test_an_address_taken_in_the_same_moment_is_refused_like_a_known_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sponsor()
    make_account(email=SPONSOR.email)
    monkeypatch.setattr("app.queries.accounts.by_email", lambda _email: None)

    with pytest.raises(BadInput, match="has an account already"):
        _plant_sponsor(make_administrator())


@pytest.mark.parametrize("message", Message)
def test_z8_no_mail_of_any_kind_goes_to_an_invented_sponsor(app: Flask, message: Message) -> None:
    make_sponsor()
    sponsor = _plant_sponsor(make_administrator())
    mail = make_mail(account_id=sponsor.account_id, message=message)

    claimed = mails.claimed(mail.id)

    assert claimed is not None
    assert messages.why_never(claimed) == "address_refused"


def test_z8_an_administrator_plants_and_takes_out_in_the_browser(app: Flask) -> None:
    make_prisoner(gender=Gender.FEMALE)
    make_sponsor()
    client = browser_of(app, make_administrator())
    token = {"csrf_token": token_of(client, "/admin/canaries")}
    prisoner = token | {"name": "Zoja Nikolina", "gender": "female"}
    sponsor = token | {
        "sponsor-csrf_token": token["csrf_token"], "sponsor-name": "Anna Niemand", "sponsor-country": "DE",
        "sponsor-email": "anna.niemand@example.org", "sponsor-vetting_reason": "Spoke by video.",
    }  # fmt: skip

    client.post("/admin/canaries/prisoner", data=prisoner)
    client.post("/admin/canaries/sponsor", data=sponsor)
    page = soup(client.get("/admin/canaries"))
    forms = [str(form["action"]) for form in page.select("form[action$=take-out]")]
    for action in forms:
        client.post(action, data=token)

    assert {row.th.get_text(strip=True) for row in page.select("tbody tr") if row.th} == {
        "Zoja Nikolina", "Anna Niemand",
    }  # fmt: skip
    session().rollback()
    assert session().scalars(select(Canary)).all() == []
    for table in (Prisoner, Sponsor):
        assert not session().scalars(select(table).where(table.name.in_([PRISONER.name, SPONSOR.name]))).all()
    actions_taken = select(AuditEvent.action).where(AuditEvent.entity == "canary").order_by(AuditEvent.number)
    assert session().scalars(actions_taken).all() == ["plant", "plant", "take_out", "take_out"]


def test_z8_only_administrators_plant(app: Flask) -> None:
    make_prisoner(gender=Gender.FEMALE)

    with pytest.raises(NotAllowed):
        _plant_prisoner(make_coordinator(roles=["coordinator", "programme"]))


def test_nobody_is_planted_where_nobody_could_be_resembled_or_the_address_is_taken(app: Flask) -> None:
    administrator = make_administrator()
    with pytest.raises(BadInput):
        _plant_prisoner(administrator)
    with pytest.raises(BadInput):
        _plant_sponsor(administrator)
    make_sponsor()
    _plant_sponsor(administrator)

    with pytest.raises(BadInput):
        _plant_sponsor(administrator)
