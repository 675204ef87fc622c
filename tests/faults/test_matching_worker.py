"""Matching tasks in processes of their own: the worker does them, dies over them, and is told to stop."""

import json
import signal
import subprocess
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.actions import matching_tasks
from app.actions.matching_tasks import LEASE
from app.clock import now
from app.database import session
from app.jobs.matching import work_on_tasks
from app.models import AuditEvent, Match, MatchingRun, MatchingTask
from app.queries.accounts import viewer_of
from app.task_words import RunStage, TaskEnd, TaskState
from app.transaction import transaction
from app.vocabulary import StaffRole, SupportKind
from tests.factories import make_coordinator, make_prisoner, make_sponsor
from tests.faults.commands import environment, start
from tests.smtp_peer import SmtpPeer

SOON = 60.0


def ask() -> str:
    make_prisoner()
    make_sponsor()
    by = viewer_of(make_coordinator(roles=[StaffRole.PROGRAMME]))
    with transaction():
        return matching_tasks.ask_for_run(SupportKind.LETTER_WRITER, by=by)


def task(task_id: str) -> MatchingTask:
    session().rollback()
    return session().scalars(select(MatchingTask).where(MatchingTask.id == task_id)).one()


def kept() -> list[int]:
    """How many runs, proposals and audit events there are."""
    session().rollback()
    return [session().scalar(select(func.count()).select_from(model)) for model in (MatchingRun, Match, AuditEvent)]


@pytest.mark.slow
def test_the_worker_does_what_was_asked_before_it_started_and_what_is_asked_while_it_runs(app: Flask) -> None:
    first = ask()
    with SmtpPeer() as peer:
        worker = start(["flask", "--app", "wsgi", "worker"], environment(app, peer))
        try:
            done = [said(worker, "matching_task_done")["task"]]
            second = ask()
            done.append(said(worker, "matching_task_done")["task"])
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(SOON) == 0
        finally:
            worker.kill()
            worker.communicate()

    assert done == [first, second]
    assert (task(first).state, task(second).state) == (TaskState.DONE, TaskState.DONE)


def said(worker: "subprocess.Popen[str]", event: str) -> dict[str, str]:
    """The next line of the worker's log about this event; waits for it."""
    assert worker.stderr is not None
    for line in worker.stderr:
        if line.startswith("{") and json.loads(line).get("event") == event:
            found: dict[str, str] = json.loads(line)
            return found
    raise AssertionError(f"the worker ended without a word of {event}")


@pytest.mark.slow
def test_o2_a_worker_killed_while_it_solves_leaves_nothing_half_kept_and_the_run_is_begun_again(app: Flask) -> None:
    task_id = ask()
    before = kept()
    with SmtpPeer() as peer:
        worker = start(["tests.faults.dying_solver"], environment(app, peer))
        worker.communicate(timeout=SOON)

    assert worker.returncode == -signal.SIGKILL
    assert (task(task_id).state, task(task_id).stage) == (TaskState.RUNNING, RunStage.SOLVE.value)
    with clock.at(now() + LEASE + timedelta(seconds=1)):
        work_on_tasks(stopping=lambda: False)
        assert (task(task_id).state, task(task_id).reason, kept()) == (TaskState.STOPPED, TaskEnd.DIED, before)
        again = ask()
        work_on_tasks(stopping=lambda: False)
    assert task(again).state is TaskState.DONE
