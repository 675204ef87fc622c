"""P5: a copy of one's data is complete, one's own only, and readable by programs."""

import json
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import Table

from app.actions import audit
from app.actions import own_data as actions
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import session
from app.models import AddressChange, Base, Conflict, Prisoner, Sponsor
from app.models import SilentMatch as Silent
from app.queries.own_parts import BY_ADDRESS, DONE_BY, PARTS, WITHHELD
from app.transaction import transaction
from app.vocabulary import MatchState, OutgoingState
from tests.database.cli.runner import run
from tests.factories import (
    make_administrator,
    make_alert,
    make_canary,
    make_coordinator,
    make_export,
    make_letter,
    make_login,
    make_mail,
    make_match,
    make_office,
    make_prisoner,
    make_reading_count,
    make_second_factor,
    make_sponsor,
    make_suppressed_address,
    make_upload,
    writing,
)
from tests.factories.writing import add

OWN, HIDDEN = "Own-canary", "Hidden-canary"
EMAIL = "own-canary@example.org"
LINKS = {"account_id", "sponsor_id", "match_id", "mail_id", "asked_by"}
"""By these a row is somebody's; they are random ids."""

MENDING = (
    "Say in app/queries/own_parts.py whether it goes into the copy that somebody may have of their data: name it in "
    "its Part in PARTS (a table of its own needs a Part), or in WITHHELD with the reason. A column that only says who "
    "did something to what is not theirs goes into DONE_BY."
)


def _in_copy() -> dict[str, set[str]]:
    return {part.table.__tablename__: set(part.attributes) for part in PARTS}


def _untold(table: Table) -> Iterator[str]:
    """The columns of the table that are somebody's, or point at somebody, and of which nobody has said anything."""
    told = _in_copy()
    points = {column.name for column in table.columns for key in column.foreign_keys if key.column.table.name in told}
    owned = table.name in told or bool(points & LINKS)
    for column in table.columns:
        name = f"{table.name}.{column.name}"
        concerns = column.name in points or (owned and column.name not in ("id", "version"))
        if not concerns or column.name in LINKS or name in {*WITHHELD, *DONE_BY, *BY_ADDRESS}:
            continue
        if column.name.removesuffix("_sealed") not in told.get(table.name, set()):
            yield name


def test_p5_every_column_of_somebodys_rows_is_in_the_copy_or_withheld_for_a_reason() -> None:
    offences = [name for table in Base.metadata.sorted_tables for name in _untold(table)]

    assert not offences, "\n".join([*offences, "", MENDING])


def test_nothing_is_named_that_is_no_column_or_stands_in_the_copy_as_well() -> None:
    columns = {f"{table.name}.{name}" for table in Base.metadata.sorted_tables for name in table.c.keys()}  # noqa: SIM118  # no mapping
    copied = {f"{table}.{name}" for table, names in _in_copy().items() for name in names}

    assert {*WITHHELD, *DONE_BY, *BY_ADDRESS} <= columns
    assert not copied & {name.removesuffix("_sealed") for name in WITHHELD}


def _named(name: str) -> Prisoner:
    return make_prisoner(name=name, name_latin=name)


def _somebody() -> Sponsor:
    """A sponsor with OWN in whatever is theirs, and HIDDEN in whatever is not for them."""
    sponsor = make_sponsor(
        email=EMAIL,
        name=f"{OWN}-name",
        search_key="x",
        parliament=f"{OWN}-parliament",
        wish_home_area=f"{OWN}-home",
        conflict_notes=f"{OWN}-conflict",
        vetting_reason=f"{HIDDEN}-vetting",
    )
    mine = make_match(
        sponsor=sponsor, prisoner=_named(f"{OWN}-friend"), state=MatchState.ACTIVE, fit=83,
        coordinator_note=f"{HIDDEN}-note", terms={f"{HIDDEN}-term": 1},
    )  # fmt: skip
    for state in (MatchState.ENDED, MatchState.PAUSED, MatchState.REFUSED, MatchState.PROPOSED, MatchState.DECLINED):
        prisoner = _named(f"{HIDDEN}-{state}")
        make_match(sponsor=sponsor, prisoner=prisoner, state=state, decline_note=f"{HIDDEN}-decline")
    make_letter(match=mine, template=f"{OWN}-template")
    make_mail(match=mine, state=OutgoingState.SENT, message=f"{OWN}-mail")
    make_mail(match=mine, message=f"{HIDDEN}-mail")
    make_login(sponsor.account, browser=f"{OWN}-browser")
    make_second_factor(sponsor.account)
    make_suppressed_address(EMAIL)
    with writing():
        addresses = {"old_email": f"{OWN}-old@example.org", "new_email": EMAIL}
        add(AddressChange(account_id=sponsor.account_id, asked_at=now(), **addresses))
        kept_apart = _named(f"{HIDDEN}-enemy")
        office = make_office().id
        add(Conflict(sponsor_id=sponsor.id, prisoner_id=kept_apart.id, recorded_at=now(), recorded_by=office))
        add(Silent(match_id=mine.id, marked_at=now(), marked_by=office))
    return sponsor


def _copy_of(email: str) -> str:
    session().rollback()
    with transaction():
        return json.dumps(actions.copy_of(email=email))


def test_p5_z3_the_copy_holds_everything_of_ones_own_and_no_canary_of_anybody_else(app: Flask) -> None:
    somebody, other = _somebody(), make_sponsor(name=f"{HIDDEN}-sponsor", email="hidden-canary@example.org")
    make_match(sponsor=other, prisoner=_named(f"{HIDDEN}-other"), state=MatchState.ACTIVE)

    copy = _copy_of(EMAIL)

    parts = ("name", "parliament", "home", "conflict", "friend", "template", "mail", "browser", "old@example.org")
    assert [part for part in parts if f"{OWN}-{part}" not in copy] == []
    assert EMAIL in copy
    assert HIDDEN.casefold() not in copy.casefold()
    assert somebody.account.password_hash not in copy
    assert make_office().id not in copy


def test_p5_the_copy_says_what_is_in_it_and_why_the_rest_is_not(app: Flask) -> None:
    _somebody()

    copy = json.loads(_copy_of(EMAIL))

    assert copy["format"] == "vestka.person/1"
    assert [one["name"] for one in copy["sponsor"]] == [f"{OWN}-name"]
    assert sorted(one["state"] for one in copy["matches"]) == ["active", "ended", "paused", "refused"]
    assert [one["prisoner"] for one in copy["matches"] if one["state"] == "active"] == [f"{OWN}-friend"]
    assert {one["prisoner"] for one in copy["matches"] if one["state"] != "active"} == {None}
    assert copy["mail_stopped"]["reason"] == "address_refused"
    assert "sponsor.vetting_reason_sealed" in [name for names in copy["withheld"].values() for name in names]


def test_z4_an_offer_is_in_the_copy_once_its_mail_may_go(app: Flask) -> None:
    sponsor = make_sponsor(email=EMAIL)
    offer = make_match(sponsor=sponsor, prisoner=_named(f"{OWN}-offer"), state=MatchState.APPROVED)
    mail = make_mail(match=offer, message="offer", due_at=now() + timedelta(minutes=1))

    assert json.loads(_copy_of(EMAIL))["matches"] == []
    with writing():
        session().merge(mail).due_at = now()
    assert [one["prisoner"] for one in json.loads(_copy_of(EMAIL))["matches"]] == [f"{OWN}-offer"]


def test_p5_z8_a_member_of_staff_reads_of_their_own_work_and_of_no_invented_record(app: Flask) -> None:
    prisoner = _named(f"{HIDDEN}-prisoner")
    cora = make_coordinator(email=EMAIL, regions=["DE"], caseload=[prisoner])
    make_reading_count(cora)
    make_export(by=cora, reason=f"{OWN}-reason")
    make_upload(by=cora, content=f"{HIDDEN}-content".encode(), filename=f"{OWN}-list.csv")
    make_canary(prisoner_id=prisoner.id, planted_by=make_administrator().id)
    make_alert(caused_by=cora.id, occasion=f"{HIDDEN}-alert")
    with transaction():
        actions.own_copy(cora.id)
        opened = {"action": AuditAction.OPEN_CANARY, "entity": AuditEntity.CANARY, "entity_id": "x"}
        audit.record(by=cora.id, **opened)  # type: ignore[arg-type]

    copy = _copy_of(EMAIL)

    found = json.loads(copy)
    assert HIDDEN not in copy
    assert (found["caseload"], found["regions"]) == (1, [{"country": "DE"}])
    assert [one["reason"] for one in found["exports"]] == [f"{OWN}-reason"]
    assert [(one["action"], one["what"]) for one in found["done"]] == [("copy_data", "account")]
    assert prisoner.id not in copy


def test_p5_the_command_prints_one_object_or_writes_a_file_for_its_owner_alone(app: Flask, tmp_path: Path) -> None:
    make_sponsor(email=EMAIL)
    file = tmp_path / "copy.json"

    printed = run(app, "privacy", "export", EMAIL)
    written = run(app, "privacy", "export", EMAIL, "--output", file)
    unknown = run(app, "privacy", "export", "nobody@example.org")

    assert json.loads(printed.stdout)["account"][0]["email"] == EMAIL
    assert json.loads(file.read_text())["account"] == json.loads(printed.stdout)["account"]
    assert (written.stdout, stat.S_IMODE(file.stat().st_mode)) == ("", 0o600)
    assert (unknown.exit_code, unknown.stdout) == (1, "")
