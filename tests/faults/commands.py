"""Real processes of the program, on the database of the test that starts them."""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime

from flask import Flask

from tests.conftest import written
from tests.smtp_peer import SmtpPeer


def environment(app: Flask, peer: SmtpPeer, **more: str) -> dict[str, str]:
    """What tells a process to use the test's database and hand its mails to the peer."""
    settings = app.config["VESTKA"]
    ours = {
        "VESTKA_DATABASE_URL": settings.database_url,
        "VESTKA_SECRET_KEY": settings.secret_key,
        "VESTKA_SEAL_KEYS": written(settings.seal_keys),
        "VESTKA_PUBLIC_URL": settings.public_url,
        "VESTKA_INSTANCE_DIR": str(settings.instance_dir),
        "VESTKA_MAIL_PORT": str(peer.port),
        "VESTKA_MAIL_TIMEOUT_SECONDS": "5",
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VESTKA_")}
    return inherited | ours | more


def start(arguments: Sequence[str], environment: dict[str, str]) -> "subprocess.Popen[str]":
    """Start one of our programs, by its module and arguments."""
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def start_delivery(app: Flask, peer: SmtpPeer, now: datetime) -> "subprocess.Popen[str]":
    """Start `flask mail deliver` at this moment."""
    arguments = ["flask", "--app", "wsgi", "mail", "deliver", "--json", "--now", now.isoformat()]
    return start(arguments, environment(app, peer))
