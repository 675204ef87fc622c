"""Who sees the request, who commits, who asks the time, who mails, and how long things may be."""

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

import pytest

from tests.architecture import habits
from tests.architecture.source import ROOT, Source, python_sources

Rule = Callable[[Source], Iterable[str]]

OF_THE_APPLICATION = (
    habits.request_offences,
    habits.commit_offences,
    habits.time_offences,
    habits.mailing_offences,
    habits.function_length_offences,
)


@pytest.mark.parametrize("rule", OF_THE_APPLICATION, ids=lambda rule: rule.__name__)
def test_the_application_keeps_the_rule(rule: Rule) -> None:
    sources = python_sources("app", "config.py", "wsgi.py")

    offences = [offence for source in sources for offence in rule(source)]

    assert not offences, "\n".join(offences)


def test_commit_stands_in_one_place_once_for_changes_and_once_for_counters() -> None:
    places = [place for source in python_sources("app") for place in habits.commit_places(source)]

    assert len(places) == 2
    assert all(place.startswith("app/transaction.py:") for place in places)


def test_the_workshop_keeps_functions_short_too() -> None:
    sources = python_sources("scripts", "tests/architecture", "tests/servers.py")

    assert [offence for source in sources for offence in habits.function_length_offences(source)] == []


def test_no_file_is_longer_than_a_person_reads_in_one_go() -> None:
    offences: list[str] = []
    for path in (path for top in ("app", "scripts") for path in sorted((ROOT / top).rglob("*"))):
        place = path.relative_to(ROOT)
        if path.is_file() and habits.is_written_by_hand(PurePosixPath(place)):
            offences += habits.file_length_offences(place.as_posix(), path.read_text(encoding="utf-8"))

    assert not offences, "\n".join(offences)


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (habits.request_offences, "app/mail/messages.py", "from flask import request"),
        (habits.request_offences, "app/mail/messages.py", "from flask import session as browser_session"),
        (habits.request_offences, "app/logs.py", "import flask\nflask.request.path"),
        (habits.request_offences, "app/cli/users.py", "from flask_login import current_user"),
        (habits.request_offences, "app/cli/users.py", "import flask_login as login\nlogin.current_user.id"),
        (habits.commit_offences, "app/actions/matches.py", "session().commit()"),
        (habits.commit_offences, "app/cli/users.py", "from app.extensions import db\ndb.session.commit()"),
        (habits.commit_offences, "app/jobs/tasks.py", "with engine.begin() as connection:\n    connection.execute(q)"),
        (habits.time_offences, "app/actions/matches.py", "from datetime import UTC, datetime\ndatetime.now(UTC)"),
        (habits.time_offences, "app/actions/matches.py", "from datetime import datetime as dt\ndt.utcnow()"),
        (habits.time_offences, "app/matching/tiers.py", "import datetime\ndatetime.date.today()"),
        (habits.time_offences, "app/matching/tiers.py", "from datetime import date\ndate.today()"),
        (habits.time_offences, "app/jobs/tasks.py", "import time\ntime.time()"),
        (habits.time_offences, "app/jobs/tasks.py", "from time import time as clock\nclock()"),
        (habits.time_offences, "app/queries/matches.py", "from sqlalchemy import func\nfunc.now()"),
        (habits.mailing_offences, "app/mail/outbox.py", "import smtplib"),
        (habits.mailing_offences, "app/web/account/views.py", "from smtplib import SMTP"),
        (habits.mailing_offences, "app/extensions.py", "from flask_mail import Connection"),
        (habits.mailing_offences, "app/extensions.py", "import flask_mail\nclass Ours(flask_mail.Connection): ..."),
        (habits.function_length_offences, "app/actions/a.py", "def long():\n" + "    x = 1\n" * 40),
        (habits.function_length_offences, "app/actions/a.py", "class A:\n  async def f(self):\n" + "    x = 1\n" * 40),
    ],
)
def test_an_offender_is_named_with_its_place(rule: Rule, path: str, text: str) -> None:
    [offence] = rule(Source(path, text))

    assert offence.startswith(f"{path}:")


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (habits.request_offences, "app/web/access.py", "from flask import request"),
        (habits.request_offences, "app/database.py", "from sqlalchemy.orm import Session\nsession = Session()"),
        (habits.commit_offences, "app/actions/a.py", "with session().begin_nested():\n    pass"),
        (habits.time_offences, "app/actions/a.py", "from app.clock import now\nnow()"),
        (habits.time_offences, "app/actions/a.py", "from app import clock\nclock.now()"),
        (habits.time_offences, "app/jobs/tasks.py", "import time\ntime.monotonic()"),
        (habits.time_offences, "app/clock.py", "from datetime import UTC, datetime\ndatetime.now(UTC)"),
        (habits.mailing_offences, "app/mail/delivery.py", "import smtplib\nfrom flask_mail import Connection"),
        (habits.mailing_offences, "app/extensions.py", "from flask_mail import Mail"),
        (habits.function_length_offences, "app/actions/a.py", "@d\n@e\ndef fits():\n" + "    x = 1\n" * 39),
    ],
)
def test_what_the_rule_allows_passes(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source(path, text))) == []


def test_a_file_that_is_too_long_is_named() -> None:
    assert list(habits.file_length_offences("app/a.py", "x\n" * 300)) == []
    assert list(habits.file_length_offences("app/a.py", "x\n" * 301)) == [
        "app/a.py: 301 lines, more than 300: split it by meaning"
    ]
