"""Delivery status notifications: what failed for good, what is only late, and everything else that arrives."""

import pytest

from app.bounces import Fate, Report, read
from tests.bounced import report

TO = "bounces+abc@example.org"


def test_a_mail_given_up_for_good_has_failed_with_its_status() -> None:
    assert read(report(to=TO)) == Report(Fate.FAILED, "5.1.1", TO)


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("failed", "4.4.7"), ("delayed", "5.4.1"), ("Delayed", "4.2.2 (full)")]
)
def test_what_is_temporary_is_late(action: str, status: str) -> None:
    found = read(report(to=TO, action=action, status=status))

    assert found is not None
    assert (found.fate, found.status) == (Fate.DELAYED, status[:5])


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("delivered", "2.0.0"),
        ("relayed", "2.0.0"),
        ("expanded", "2.0.0"),
        ("failed", "none"),
        ("failed", "5.1"),
    ],
)
def test_what_did_not_fail_or_gives_no_status_is_no_report(action: str, status: str) -> None:
    assert read(report(to=TO, action=action, status=status)) is None


def test_one_failure_among_several_recipients_counts() -> None:
    """A list behind the one address that we wrote to."""
    others = "Final-Recipient: rfc822; a@example.org\nAction: delivered\nStatus: 2.0.0\n\n"

    assert read(report(to=TO, other_recipients=others)) == Report(Fate.FAILED, "5.1.1", TO)


@pytest.mark.parametrize(
    ("status", "about"), [("5.1.1", True), ("5.0.0", True), ("5.2.1", True), ("5.7.1", False), ("5.6.0", False)]
)
def test_a_refusal_of_content_or_sender_is_not_about_the_mailbox(status: str, about: bool) -> None:
    found = read(report(to=TO, status=status))

    assert found is not None
    assert found.is_about_mailbox is about


def test_a_delay_is_not_about_the_mailbox() -> None:
    assert not Report(Fate.DELAYED, "4.2.2", TO).is_about_mailbox


def test_the_addresses_that_servers_add_on_the_way_are_read_as_well() -> None:
    found = read(report(to="postmaster@example.org", extra_headers=f"Delivered-To: {TO}\nX-Original-To: <{TO}>\n"))

    assert found is not None
    assert found.sent_to == f"postmaster@example.org {TO} <{TO}>"


def _nested(depth: int) -> bytes:
    """A mail whose parts hold one another, as nobody's mail program writes it."""
    heads = "".join(f'Content-Type: multipart/report; boundary="{n}"\n\n--{n}\n' for n in range(depth))
    return heads.encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"\n" * 1000,
        b"From nobody\n\n",
        b"Content-Type: multipart/report\n\nno boundary",
        b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n",
        b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n\xff: 1\n\n--b",
        b"Content-Type: multipart/report; boundary*0*=x''%zz; boundary*9=q\n\n--\n",
        b"To: =?utf-8?b?////?=\nContent-Type: text/plain\n\nI am on holiday.\n",
        report(to=TO)[:400],
        report(to=TO).replace(b"multipart/report", b"multipart/mixed"),
        _nested(5000),
    ],
    ids=range(12),
)
def test_what_is_no_report_or_broken_is_none_and_raises_nothing(content: bytes) -> None:
    assert read(content) is None


def test_a_report_survives_letters_that_are_none() -> None:
    broken = report(to=TO).replace(b"I'm sorry", b"\xff\xfe\x00 sorry").replace(b"Diagnostic-Code", b"X-\xe9")

    assert read(broken) == Report(Fate.FAILED, "5.1.1", TO)
