"""Who may import whom."""

import pytest

from tests.architecture.rooms import import_offences
from tests.architecture.source import Source, python_sources


@pytest.mark.parametrize("source", python_sources("app"), ids=lambda source: source.path)
def test_a_room_imports_only_what_it_may(source: Source) -> None:
    offences = list(import_offences(source))

    assert not offences, "\n".join(offences)


@pytest.mark.parametrize("module", ["wsgi.py", "config.py"])
def test_outside_the_house_only_the_door_is_known(module: str) -> None:
    names = {imported.name for source in python_sources(module) for imported in source.imports()}

    assert {name for name in names if name.startswith("app")} <= {"app.create_app"}


@pytest.mark.parametrize(
    ("path", "line", "named"),
    [
        ("app/matching/fit.py", "from flask import Flask", "library `flask`"),
        ("app/matching/fit.py", "import sqlalchemy as sa", "library `sqlalchemy`"),
        ("app/matching/fit.py", "from app import clock", "`clock`"),
        ("app/matching/fit.py", "from app.importing.records import Staged", "`importing.records.Staged`"),
        ("app/letters/check.py", "from ..reminders import calendar", "`reminders.calendar`"),
        ("app/importing/csv.py", "import numpy", "library `numpy`"),
        ("app/permissions.py", "from app.models import Account", "`models.Account`"),
        ("app/errors.py", "from app.clock import now", "`clock.now`"),
        ("app/vocabulary.py", "from app.errors import BadInput", "`errors.BadInput`"),
        ("app/models/match.py", "from app.queries import matches", "`queries.matches`"),
        ("app/models/match.py", "from app.clock import now", "`clock.now`"),
        ("app/models/match.py", "from flask import current_app", "library `flask`"),
        ("app/queries/matches.py", "from app.actions import matches", "`actions.matches`"),
        ("app/queries/matches.py", "from flask import g", "library `flask`"),
        ("app/queries/matches.py", "from app.mail.outbox import enqueue", "`mail.outbox.enqueue`"),
        ("app/queries/matches.py", "from app.transaction import transaction", "`transaction.transaction`"),
        ("app/mail/messages.py", "from app.actions import matches", "`actions.matches`"),
        ("app/mail/messages.py", "from app.transaction import transaction", "`transaction.transaction`"),
        ("app/mail/claims.py", "from app.transaction import transaction", "`transaction.transaction`"),
        ("app/mail/messages.py", "from app.matching import tiers", "`matching.tiers`"),
        ("app/actions/matches.py", "from app.mail import delivery", "`mail.delivery`"),
        ("app/actions/matches.py", "from app.mail.messages import offer", "`mail.messages.offer`"),
        ("app/actions/matches.py", "from app.transaction import transaction", "`transaction.transaction`"),
        ("app/actions/matches.py", "from flask import request", "library `flask`"),
        ("app/actions/matches.py", "from app.web import access", "`web.access`"),
        ("app/cli/people.py", "from app.jobs import worker", "`jobs.worker`"),
        ("app/web/sponsor/views.py", "from sqlalchemy import select", "library `sqlalchemy`"),
        ("app/web/sponsor/views.py", "from app.database import session", "`database.session`"),
        ("app/web/sponsor/views.py", "from app.mail import outbox", "`mail.outbox`"),
        ("app/web/sponsor/views.py", "from app.mail.delivery import deliver", "`mail.delivery.deliver`"),
        ("app/web/sponsor/views.py", "from app.matching.fit import points", "`matching.fit.points`"),
        ("app/web/sponsor/views.py", "from app.cli import mail", "`cli.mail`"),
        ("app/web/sponsor/views.py", "from app.demo import seed", "`demo.seed`"),
        ("app/jobs/tasks.py", "from app.models import OutgoingMail", "`models.OutgoingMail`"),
        ("app/jobs/tasks.py", "from app.matching import solver", "`matching.solver`"),
        ("app/cli/mail.py", "from app.models import OutgoingMail", "`models.OutgoingMail`"),
        ("app/cli/mail.py", "from app.mail import outbox", "`mail.outbox`"),
        ("app/cli/mail.py", "from app.web import access", "`web.access`"),
        ("app/demo/people.py", "from app.models import Sponsor", "`models.Sponsor`"),
        ("app/attic/box.py", "import os", "`attic.box` is no room"),
    ],
)
def test_an_import_that_the_table_does_not_allow_is_named(path: str, line: str, named: str) -> None:
    [offence] = import_offences(Source(path, line))

    assert offence.startswith(f"{path}:")
    assert named in offence


@pytest.mark.parametrize(
    "wrapped", ["def later():\n    {}", "if TYPE_CHECKING:\n    {}", "try:\n    {}\nfinally:\n    pass"]
)
def test_an_import_is_found_wherever_it_hides(wrapped: str) -> None:
    hidden = Source("app/models/match.py", wrapped.format("from app.queries import matches"))

    assert len(list(import_offences(hidden))) == 1


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("app/matching/solver.py", "from ortools.graph.python import min_cost_flow"),
        ("app/matching/solver.py", "from app.matching.instance import Instance"),
        ("app/matching/solver.py", "from . import instance"),
        ("app/models/match.py", "from app.vocabulary import MatchState"),
        ("app/actions/matches.py", "from app.mail.outbox import enqueue"),
        ("app/mail/delivery.py", "from app.transaction import transaction"),
        ("app/cli/mail.py", "from app.mail.delivery import deliver"),
        ("app/cli/demo.py", "from app.demo import seed"),
        ("app/jobs/tasks.py", "from app.mail import delivery"),
        ("app/__init__.py", "from app.web import init_app"),
        ("app/web/sponsor/views.py", "from flask_login import current_user"),
        ("app/web/sponsor/views.py", "from app.models import Match"),
        ("app/cli/worker.py", "from app.jobs import worker"),
    ],
)
def test_what_the_table_allows_passes(path: str, line: str) -> None:
    assert list(import_offences(Source(path, line))) == []
