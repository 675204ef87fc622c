"""Mail that comes back: what is ours marks its mail and suppresses its address, what is forged nobody's (M8)."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, func, select

from app.actions import mails
from app.actions import suppressions as lifting
from app.database import session
from app.mail.delivery import DeliveryCounts
from app.models import Account, AuditEvent, SuppressedAddress
from app.queries import suppressions
from app.transaction import transaction
from app.vocabulary import OutgoingState, SuppressionReason
from tests.bounced import report
from tests.database.mail.post import NOON, deliver, message_id, queue, row, settings
from tests.smtp_peer import DROP, Script, SmtpPeer

NONE = {"messages": 0, "bounced": 0, "delayed": 0, "already": 0, "forged": 0, "other": 0, "unreadable": 0}


@pytest.fixture
def sent(app: Flask, peer: SmtpPeer) -> list[str]:
    """Two mails that went."""
    ids = queue(2)
    assert deliver() == DeliveryCounts(sent=2)
    return ids


def _return_path(peer: SmtpPeer, mail_id: str) -> str:
    return next(mail.sender for mail in peer.mails if mail.id == message_id(mail_id))


def _read(app: Flask, folder: Path, *reports: bytes) -> dict[str, int]:
    path = folder / "mbox"
    path.write_bytes(b"".join(b"From MAILER-DAEMON\n" + content + b"\n" for content in reports))
    result = _flask(app, str(path), "--json")
    assert result.exit_code == 0, result.output
    counts: dict[str, int] = json.loads(result.stdout)
    return counts


def _flask(app: Flask, *arguments: str) -> Result:
    session().rollback()
    return app.test_cli_runner().invoke(args=["mail", "bounces", *arguments])


def _suppressed() -> int:
    return session().scalar(select(func.count()).select_from(SuppressedAddress)) or 0


def test_each_mail_comes_back_to_an_address_of_its_own_and_its_author_stays(
    app: Flask, peer: SmtpPeer, sent: list[str]
) -> None:
    senders = [mail.sender for mail in peer.mails]

    assert len(set(senders)) == 2
    for mail_id, sender in zip(sent, senders, strict=True):
        local, domain = sender.split("@")
        assert local.startswith(f"bounces+{mail_id}.")
        assert local == local.lower()
        assert (len(local), domain) == (len("bounces+") + 16 + 1 + 16, "example.org")
    assert {str(mail.message["From"]) for mail in peer.mails} == {"Vestka <vestka@example.org>"}


def test_where_nobody_reads_bounces_mail_comes_back_to_its_author(app: Flask, peer: SmtpPeer, tmp_path: Path) -> None:
    queue()

    with settings(app, mail_bounces=None):
        deliver()
        counts = _read(app, tmp_path, report(to="bounces+aaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaa@example.org"))

    assert peer.mails[0].sender == "vestka@example.org"
    assert counts == NONE | {"messages": 1, "forged": 1}


def test_a_bounce_marks_its_mail_and_suppresses_its_address(
    app: Flask, peer: SmtpPeer, tmp_path: Path, sent: list[str]
) -> None:
    bounced, fine = (row(mail_id) for mail_id in sent)
    back = _return_path(peer, bounced.id)

    counts = _read(app, tmp_path, report(to=back.upper()))

    assert counts == NONE | {"messages": 1, "bounced": 1}
    assert (row(bounced.id).state, row(bounced.id).reason) == (OutgoingState.FAILED, "bounced_5.1.1")
    assert row(bounced.id).sent_at == NOON
    assert row(fine.id).state is OutgoingState.SENT
    assert suppressions.reason_for(bounced.account.email_key) is SuppressionReason.BOUNCED
    assert suppressions.reason_for(fine.account.email_key) is None
    event = session().scalars(select(AuditEvent)).one()
    assert (event.action, event.entity, event.entity_id, event.fields) == (
        "bounce", "outgoing_mail", bounced.id, ["state"],
    )  # fmt: skip


def test_after_a_bounce_nothing_more_goes_to_the_address(
    app: Flask, peer: SmtpPeer, tmp_path: Path, sent: list[str]
) -> None:
    _read(app, tmp_path, report(to=_return_path(peer, sent[0])))
    [mail_id] = queue(account_id=row(sent[0]).account_id, occasion="next")

    assert deliver(timedelta(days=1)) == DeliveryCounts(suppressed=1)
    assert row(mail_id).reason == "address_bounced"


def test_read_twice_a_bounce_changes_nothing_not_even_where_somebody_lifted_it(
    app: Flask, peer: SmtpPeer, tmp_path: Path, sent: list[str]
) -> None:
    bounce = report(to=_return_path(peer, sent[0]))

    first = _read(app, tmp_path, bounce, bounce)
    with transaction():
        lifting.lift(email=row(sent[0]).account.email, by=None)
    again = _read(app, tmp_path, bounce)

    assert first == NONE | {"messages": 2, "bounced": 1, "already": 1}
    assert again == NONE | {"messages": 1, "already": 1}
    assert _suppressed() == 0
    assert session().scalars(select(AuditEvent.action).order_by(AuditEvent.number)).all() == ["bounce", "lift"]


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("failed", "4.2.2")])
def test_what_is_only_late_is_counted_and_changes_nothing(
    app: Flask, peer: SmtpPeer, tmp_path: Path, sent: list[str], action: str, status: str
) -> None:
    counts = _read(app, tmp_path, report(to=_return_path(peer, sent[0]), action=action, status=status))

    assert counts == NONE | {"messages": 1, "delayed": 1}
    assert row(sent[0]).state is OutgoingState.SENT
    assert _suppressed() == 0


def test_a_mail_refused_as_unwanted_failed_and_its_mailbox_gets_others(
    app: Flask, peer: SmtpPeer, tmp_path: Path, sent: list[str]
) -> None:
    """As where the server refuses so while the mail is handed over: it says something of us, not of the mailbox."""
    counts = _read(app, tmp_path, report(to=_return_path(peer, sent[0]), status="5.7.1"))

    assert counts == NONE | {"messages": 1, "bounced": 1}
    assert (row(sent[0]).state, row(sent[0]).reason) == (OutgoingState.FAILED, "bounced_5.7.1")
    assert _suppressed() == 0


def test_m8_a_forged_bounce_suppresses_nobody(app: Flask, peer: SmtpPeer, tmp_path: Path, sent: list[str]) -> None:
    """A made-up tag, the tag of another mail, a mail that is none, and the address that everybody may know."""
    first, second = (_return_path(peer, mail_id) for mail_id in sent)
    tag = first.split(".")[1].split("@")[0]
    forged = [
        first.replace(tag, "a" * 16),
        second.replace(sent[1], sent[0]),
        first.replace(sent[0], "a" * 16),
        first.replace("example.org", "example.net"),
        first.replace("bounces+", "more.bounces+"),
        f"bounces+{sent[0]}@example.org",
        "bounces@example.org",
        "vestka@example.org",
        " ".join(["bounces+aaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaa@example.org"] * 50) + " " + first,
    ]

    counts = _read(app, tmp_path, *(report(to=to) for to in forged))

    assert counts == NONE | {"messages": len(forged), "forged": len(forged)}
    assert {row(mail_id).state for mail_id in sent} == {OutgoingState.SENT}
    assert _suppressed() == 0
    assert session().scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_m8_a_bounce_of_the_address_before_does_not_suppress_the_one_that_they_have_now(
    app: Flask, peer: SmtpPeer, tmp_path: Path, sent: list[str]
) -> None:
    bounce = report(to=_return_path(peer, sent[0]))
    with transaction():
        account = session().get_one(Account, row(sent[0]).account_id)
        account.email = "newer@example.org"

    assert _read(app, tmp_path, bounce) == NONE | {"messages": 1, "forged": 1}
    assert _suppressed() == 0


def test_a_bounce_of_an_erased_mail_changes_nothing(
    app: Flask, peer: SmtpPeer, tmp_path: Path, sent: list[str]
) -> None:
    bounce = report(to=_return_path(peer, sent[0]))
    with transaction():
        session().execute(delete(Account).where(Account.id == row(sent[0]).account_id))

    assert _read(app, tmp_path, bounce) == NONE | {"messages": 1, "forged": 1}


def test_a_mail_in_doubt_that_comes_back_is_in_doubt_no_longer(app: Flask, peer: SmtpPeer, tmp_path: Path) -> None:
    [mail_id] = queue()
    peer.script.taken = DROP
    assert deliver() == DeliveryCounts(in_doubt=1)

    assert _read(app, tmp_path, report(to=_return_path(peer, mail_id)))["bounced"] == 1
    assert row(mail_id).state is OutgoingState.FAILED


def test_a_mail_that_is_to_go_again_is_stopped_by_the_bounce_of_its_first_try(
    app: Flask, peer: SmtpPeer, tmp_path: Path
) -> None:
    [mail_id] = queue()
    peer.script.taken = DROP
    deliver()
    peer.script = Script()
    with transaction():
        mails.resolve_unsigned(mail_id=mail_id, finding=mails.Finding.REQUEUE)
    bounce = report(to=_return_path(peer, mail_id))

    assert _read(app, tmp_path, bounce, bounce) == NONE | {"messages": 2, "bounced": 1, "already": 1}
    assert row(mail_id).state is OutgoingState.QUEUED
    assert deliver(timedelta(days=400)) == DeliveryCounts(suppressed=1)


def test_everything_else_in_the_mailbox_is_counted_and_left_alone(
    app: Flask, peer: SmtpPeer, tmp_path: Path, sent: list[str]
) -> None:
    holiday = f"To: {_return_path(peer, sent[0])}\nSubject: I am on holiday\n\n".encode()
    delivered = report(to=_return_path(peer, sent[0]), action="delivered", status="2.0.0")

    assert _read(app, tmp_path, holiday, delivered, b"\xff\x00\n") == NONE | {"messages": 3, "other": 3}
    assert row(sent[0]).state is OutgoingState.SENT


def test_a_file_that_cannot_be_read_is_one_line_and_the_others_are_read(
    app: Flask, peer: SmtpPeer, tmp_path: Path, sent: list[str]
) -> None:
    (tmp_path / "a.eml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "b.eml").write_bytes(report(to=_return_path(peer, sent[0])))

    result = _flask(app, str(tmp_path), "--json")

    assert (result.exit_code, result.stderr) == (0, "a.eml cannot be read: No such file or directory\n")
    assert json.loads(result.stdout) == NONE | {"messages": 1, "bounced": 1, "unreadable": 1}


def test_a_path_that_is_not_there_is_refused(app: Flask, tmp_path: Path) -> None:
    result = _flask(app, str(tmp_path / "nowhere"))

    assert result.exit_code == 2
    assert "does not exist" in result.stderr
    assert result.stderr.count("\n") == 1


def test_for_people_the_counts_are_a_table(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "mbox").write_bytes(b"")

    assert _flask(app, str(tmp_path)).stdout.splitlines()[0] == "messages            0"
