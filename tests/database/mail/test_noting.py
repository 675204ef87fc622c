"""Around the worker's jobs: what they did is kept, a failure is kept too, and neither ends the worker (P3)."""

from collections.abc import Mapping

import pytest
from flask import Flask
from sqlalchemy import select
from structlog.testing import capture_logs

from app.actions import job_runs
from app.database import session
from app.jobs import noting, tasks
from app.jobs.tasks import schedule_reminders
from app.models import JobRun
from app.task_words import Job


def _kept(job: Job) -> JobRun:
    session().rollback()
    return session().scalars(select(JobRun).where(JobRun.job == job)).one()


def test_what_a_job_did_is_kept_with_how_long_it_took(app: Flask) -> None:
    noting.do(app, Job.DELIVER, lambda: {"sent": 3})

    run = _kept(Job.DELIVER)
    assert (run.runs, run.found, run.is_broken) == (1, {"sent": 3}, False)
    assert 0 <= run.seconds < 60


def test_p3_a_job_that_breaks_off_is_kept_and_logged_by_the_kind_of_failure_alone(app: Flask) -> None:
    def work() -> Mapping[str, int]:
        raise ValueError("anna@example.org")

    with capture_logs() as logged:
        noting.do(app, Job.SCHEDULE, work)

    assert _kept(Job.SCHEDULE).is_broken
    assert [(line["event"], line["kind"]) for line in logged] == [("scheduling_failed", "ValueError")]
    assert "anna" not in str(logged)


def test_a_note_that_cannot_be_kept_is_logged_and_the_work_stays_done(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_arguments: object, **_more: object) -> None:
        raise OSError

    monkeypatch.setattr(job_runs, "note_end", break_off)
    done = []

    with capture_logs() as logged:
        noting.do(app, Job.MATCH, lambda: done.append(1) or {})

    assert done == [1]
    assert [line["event"] for line in logged] == ["job_not_noted"]


def test_every_job_has_its_word_in_the_log() -> None:
    assert set(noting.FAILED) == set(Job)


def test_a_look_at_the_reminders_counts_what_it_did(app: Flask) -> None:
    assert schedule_reminders(stopping=lambda: False) == {"queued": 0, "already": 0, "skipped": 0}


def test_a_queue_that_cannot_be_asked_for_the_hour_breaks_nothing(app: Flask) -> None:
    with capture_logs() as logged:
        assert tasks._is_first_this_hour(object(), tasks.REMINDERS_OF, Job.SCHEDULE) is False  # type: ignore[arg-type]

    assert [line["event"] for line in logged] == ["scheduling_failed"]
