"""TLS to our mail server: verified, or nothing is handed over (M2, M7)."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from flask import Flask

from app.mail.delivery import DeliveryCounts
from app.mail.outcomes import LOGIN_PAUSE
from tests.database.mail.post import deliver, message_id, queue, row, settings
from tests.smtp_peer import SmtpPeer

LOGIN = {"mail_username": "vestka", "mail_password": "right"}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Whom the tests trust to vouch for mail servers."""
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The program trusts the authority, as it would one of the system's."""
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return


def _context(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("mode", ["starttls", "tls"])
def test_a_server_that_is_who_it_says_gets_the_mail_and_the_log_in(
    app: Flask, authority: trustme.CA, mode: str
) -> None:
    [mail_id] = queue()
    with SmtpPeer(**{mode: _context(authority, "127.0.0.1")}, login=("vestka", "right")) as peer:
        with settings(app, mail_port=peer.port, mail_tls=mode, mail_timeout_seconds=2, **LOGIN):
            counts = deliver()

        assert counts == DeliveryCounts(sent=1)
        assert peer.taken() == {message_id(mail_id): 1}


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("mode", ["starttls", "tls"])
def test_a_server_with_another_name_gets_nothing(app: Flask, authority: trustme.CA, mode: str) -> None:
    """M2: TLS that does not verify."""
    [mail_id] = queue()
    with SmtpPeer(**{mode: _context(authority, "other.example")}, login=("vestka", "right")) as peer:
        with settings(app, mail_port=peer.port, mail_tls=mode, mail_timeout_seconds=2, **LOGIN):
            counts = deliver()

        assert counts == DeliveryCounts(waiting=1)
        assert row(mail_id).reason == "tls_failed"
        assert peer.tried == 0


@pytest.mark.parametrize("mode", ["starttls", "tls"])
def test_a_server_that_nobody_vouches_for_gets_nothing(app: Flask, authority: trustme.CA, mode: str) -> None:
    """M2."""
    queue()
    with SmtpPeer(**{mode: _context(authority, "127.0.0.1")}) as peer:
        with settings(app, mail_port=peer.port, mail_tls=mode, mail_timeout_seconds=2):
            assert deliver() == DeliveryCounts(waiting=1)

        assert peer.tried == 0


def test_a_server_that_offers_no_tls_gets_neither_log_in_nor_mail(app: Flask, peer: SmtpPeer) -> None:
    """M7: TLS is required when configured, and never bargained down."""
    [mail_id] = queue()

    with settings(app, mail_tls="starttls", **LOGIN):
        assert deliver() == DeliveryCounts(waiting=1)

    assert row(mail_id).reason == "tls_failed"
    assert peer.tried == 0


def test_a_server_that_takes_no_log_in_pauses_the_queue(app: Flask, peer: SmtpPeer) -> None:
    [mail_id] = queue()

    with settings(app, **LOGIN):
        assert deliver() == DeliveryCounts(waiting=1)
        assert (row(mail_id).reason, row(mail_id).attempts) == ("login_refused", 0)

    assert deliver(LOGIN_PAUSE) == DeliveryCounts(sent=1)
