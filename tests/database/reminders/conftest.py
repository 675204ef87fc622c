"""A mail server that takes what it gets, for the reminders of this folder."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.database.mail.post import settings
from tests.smtp_peer import SmtpPeer


@pytest.fixture
def peer(app: Flask) -> Iterator[SmtpPeer]:
    """A mail server that takes what it gets until a test tells it otherwise."""
    with SmtpPeer() as peer, settings(app, mail_port=peer.port, mail_timeout_seconds=1):
        yield peer
