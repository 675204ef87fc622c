"""An address that refused our mail for good gets nothing more, whoever has it, until somebody lifts that (M2)."""

import json
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, select

from app.actions import suppressions as lifting
from app.database import session
from app.errors import NotAllowed, NotFound
from app.mail.delivery import DeliveryCounts
from app.mail.suppressions import suppress
from app.models import Account, AuditEvent, SuppressedAddress
from app.permissions import Viewer
from app.queries import suppressions
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import OutgoingState, StaffRole, SuppressionReason
from tests.database.mail.post import NOON, deliver, queue, row
from tests.factories import make_account, make_administrator, make_coordinator, make_sponsor
from tests.smtp_peer import Script, SmtpPeer

DAY = timedelta(days=1)
EMAIL = "refused.canary@example.org"


@pytest.fixture
def refused(app: Flask, peer: SmtpPeer) -> Account:
    """Somebody whose mailbox has just refused a mail for good."""
    account = make_account(email=EMAIL)
    queue(account_id=account.id, occasion="first")
    peer.script.rcpt = "550 5.1.1 no such mailbox"
    assert deliver() == DeliveryCounts(failed=1)
    peer.script = Script()
    return account


def test_an_address_stays_suppressed_when_its_account_is_erased_and_made_anew(
    app: Flask, peer: SmtpPeer, refused: Account
) -> None:
    with transaction():
        session().execute(delete(Account).where(Account.id == refused.id))
    somebody = make_account(email=EMAIL)
    [mail_id] = queue(account_id=somebody.id, occasion="second")

    assert deliver() == DeliveryCounts(suppressed=1)
    assert (row(mail_id).state, row(mail_id).reason) == (OutgoingState.SUPPRESSED, "address_refused")
    assert peer.mails == []


def test_an_account_that_changes_its_address_is_mailed_again(app: Flask, peer: SmtpPeer, refused: Account) -> None:
    with transaction():
        account = session().get_one(Account, refused.id)
        account.email = "other@example.org"
    queue(account_id=refused.id, occasion="second")

    assert deliver() == DeliveryCounts(sent=1)


def test_of_a_suppressed_address_nothing_is_stored_but_a_keyed_digest(app: Flask, refused: Account) -> None:
    """P5: with the account the address is gone from the database; without the secret nobody can look for it."""
    with transaction():
        session().execute(delete(Account).where(Account.id == refused.id))

    suppressed = session().scalars(select(SuppressedAddress)).one()

    assert suppressed.address_digest == suppressions.digest(EMAIL)
    assert len(suppressed.address_digest) == 64
    assert suppressed.mail_id is None
    assert "canary" not in str(suppressed.__dict__)


def test_the_first_reason_stays(app: Flask, refused: Account) -> None:
    with transaction():
        again = suppress(EMAIL, SuppressionReason.BOUNCED, mail_id="nothere")

    assert not again
    assert suppressions.reason_for(EMAIL) is SuppressionReason.REFUSED


def test_a_lifted_address_is_mailed_again_and_the_trail_says_who_lifted(
    app: Flask, peer: SmtpPeer, refused: Account
) -> None:
    administrator = make_administrator()
    with transaction():
        lifted = lifting.lift(email=EMAIL.upper(), by=viewer_of(administrator)).id
    queue(account_id=refused.id, occasion="second")

    assert deliver() == DeliveryCounts(sent=1)
    event = session().scalars(select(AuditEvent)).one()
    assert (event.action, event.entity, event.entity_id) == ("lift", "suppressed_address", lifted)
    assert (event.by_account_id, event.fields) == (administrator.id, [])


def _suppressed_sponsor(country: str) -> str:
    sponsor = make_sponsor(country=country)
    with transaction():
        suppress(sponsor.account.email_key, SuppressionReason.REFUSED, mail_id="nothere")
    return sponsor.account.email


def test_a_coordinator_lifts_for_sponsors_of_their_regions_only(app: Flask) -> None:
    """Z5: a foreign address answers as one that is not suppressed."""
    ours, foreign = _suppressed_sponsor("FR"), _suppressed_sponsor("DE")
    coordinator = viewer_of(make_coordinator(regions=["FR"]))

    for email in (foreign, "never.suppressed@example.org"):
        with pytest.raises(NotFound, match="Nothing keeps mail"), transaction():
            lifting.lift(email=email, by=coordinator)
    with transaction():
        lifting.lift(email=ours, by=coordinator)

    assert suppressions.reason_for(ours) is None
    assert suppressions.reason_for(foreign) is SuppressionReason.REFUSED


@pytest.mark.parametrize("roles", [frozenset(), frozenset({StaffRole.PROGRAMME})])
def test_others_lift_nothing(app: Flask, refused: Account, roles: frozenset[StaffRole]) -> None:
    with pytest.raises(NotAllowed), transaction():
        lifting.lift(email=EMAIL, by=Viewer(refused.id, confirmed=True, roles=roles))

    assert suppressions.reason_for(EMAIL) is not None


def test_a_coordinators_list_holds_the_sponsors_of_their_regions(app: Flask, peer: SmtpPeer) -> None:
    peer.script.rcpt = "550 5.1.1 no such mailbox"
    french = make_sponsor(country="FR").account_id
    for number, account_id in enumerate((french, make_sponsor(country="DE").account_id, make_account().id)):
        queue(account_id=account_id, occasion=f"refused {number}")
    deliver()

    listed = suppressions.of_sponsors(viewer_of(make_coordinator(regions=["FR"])))

    assert [one.account_id for one in listed] == [french]
    assert len(suppressions.everywhere()) == 3


def _flask(app: Flask, *arguments: str) -> Result:
    session().rollback()
    return app.test_cli_runner().invoke(args=["mail", "suppressed", *arguments])


def test_the_command_lists_reasons_and_no_address(app: Flask, refused: Account) -> None:
    suppressed = session().scalars(select(SuppressedAddress)).one()

    listed, told = _flask(app, "list", "--json"), _flask(app, "list")

    assert json.loads(listed.stdout) == {
        "suppressed": [
            {
                "id": suppressed.id,
                "reason": "address_refused",
                "suppressed_at": NOON.isoformat(),
                "mail_id": suppressed.mail_id,
                "account_id": refused.id,
            }
        ]
    }
    assert f"address_refused     {NOON.isoformat()}  mail {suppressed.mail_id}  account {refused.id}" in told.stdout
    assert EMAIL not in listed.output + told.output


def test_the_command_lifts_one_and_says_no_to_another(app: Flask, refused: Account) -> None:
    unknown = _flask(app, "lift", "nobody@example.org")
    lifted = _flask(app, "lift", EMAIL)

    assert (unknown.exit_code, unknown.stderr) == (1, "Error: Nothing keeps mail from this address.\n")
    assert (lifted.exit_code, lifted.stdout) == (0, "")
    assert suppressions.reason_for(EMAIL) is None
    assert session().scalars(select(AuditEvent.by_account_id)).one() is None
