"""Whether mail runs as it should: each thing that a person has to look at, and what only follows from another."""

import json
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask

from app import clock
from app.actions import job_runs
from app.database import session
from app.mail.claims import claim_next
from app.models import JobRun
from app.queries import mail_health
from app.queries.mail_health import MailProblem, Signs
from app.task_words import Job
from app.transaction import transaction
from app.vocabulary import OutgoingState
from tests.database.mail.post import NOON, queue
from tests.factories import make_mail, make_server_trouble, make_suppressed_address

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def work(job: Job, *, at: timedelta = timedelta(), seconds: float = 1.5, **found: int) -> None:
    """A run of the job that ends so long after noon."""
    with clock.at(NOON + at), transaction():
        job_runs.note_end(job, seconds=seconds, found=found)


def all_is_well() -> None:
    for job in Job:
        work(job)


def signs(after: timedelta = timedelta()) -> Signs:
    session().rollback()
    with clock.at(NOON + after):
        return mail_health.signs()


def test_with_a_worker_at_work_and_nothing_waiting_all_is_well(app: Flask) -> None:
    all_is_well()

    assert signs(MINUTE).problems == []


def test_a_worker_that_was_never_there_is_missed(app: Flask) -> None:
    assert signs().problems == [MailProblem.WORKER_SILENT]
    assert signs().worker_seen_at is None


def test_a_worker_that_fell_silent_is_named_alone_and_not_what_follows_from_it(app: Flask) -> None:
    all_is_well()
    make_mail(due_at=NOON)

    assert signs(10 * MINUTE).problems == []
    assert signs(4 * HOUR).problems == [MailProblem.WORKER_SILENT]


def test_a_worker_that_hands_a_mail_over_is_there_though_its_job_has_not_ended(app: Flask) -> None:
    work(Job.SCHEDULE)
    queue()
    with clock.at(NOON + 20 * MINUTE), transaction():
        assert claim_next(NOON + 20 * MINUTE) is not None

    assert signs(21 * MINUTE).problems == []
    assert MailProblem.WORKER_SILENT in signs(31 * MINUTE).problems


def test_reminders_that_nobody_looks_at_are_missed_though_a_worker_is_there(app: Flask) -> None:
    all_is_well()
    work(Job.DELIVER, at=4 * HOUR)

    assert signs(4 * HOUR).problems == [MailProblem.SCHEDULE_LATE]


def test_a_worker_that_has_only_begun_is_not_blamed_for_reminders_that_nobody_looked_at(app: Flask) -> None:
    """After an update the row of the schedule comes with its next hour."""
    work(Job.DELIVER)
    assert signs(MINUTE).problems == []

    work(Job.DELIVER, at=4 * HOUR)
    assert signs(4 * HOUR).problems == [MailProblem.SCHEDULE_LATE]


def test_mail_that_waits_too_long_is_missed_and_what_is_due_later_is_not(app: Flask) -> None:
    all_is_well()
    make_mail(due_at=NOON + 2 * HOUR)
    assert signs().oldest_due_at is None
    make_mail(due_at=NOON - 31 * MINUTE, state=OutgoingState.WAITING)
    make_mail(due_at=NOON - 5 * MINUTE)

    found = signs()

    assert found.problems == [MailProblem.MAIL_OVERDUE]
    assert (found.oldest_due_at, found.waits) == (NOON - 31 * MINUTE, 31 * MINUTE)


def test_a_paused_queue_is_named_with_its_end_and_its_cause(app: Flask) -> None:
    all_is_well()
    make_mail(due_at=NOON - HOUR)
    make_mail(state=OutgoingState.WAITING, due_at=NOON + 9 * MINUTE, reason="smtp_451")
    make_server_trouble("tls_failed", paused_until=NOON + 5 * MINUTE)

    found = signs()

    assert found.problems == [MailProblem.QUEUE_PAUSED]
    assert (found.paused_until, found.paused_why) == (NOON + 5 * MINUTE, "tls_failed")


def test_a_job_that_broke_off_is_named_until_it_ends_well_again(app: Flask) -> None:
    all_is_well()
    with clock.at(NOON + MINUTE), transaction():
        job_runs.note_failure(Job.SCHEDULE)

    assert signs(MINUTE).problems == [MailProblem.JOB_BROKE]
    work(Job.SCHEDULE, at=2 * MINUTE)
    assert signs(2 * MINUTE).problems == []


def test_a_job_that_never_ended_well_is_seen_and_broken(app: Flask) -> None:
    with clock.at(NOON), transaction():
        job_runs.note_failure(Job.DELIVER)

    assert signs().problems == [MailProblem.JOB_BROKE]
    assert signs().worker_seen_at == NOON


def test_a_mail_that_the_program_could_not_write_is_a_fault_of_the_program(app: Flask) -> None:
    all_is_well()
    make_mail(state=OutgoingState.FAILED, reason="unsendable:TypeError", due_at=NOON - HOUR)
    make_mail(state=OutgoingState.FAILED, reason="recipient_refused", due_at=NOON - HOUR)

    assert signs().problems == [MailProblem.MAIL_UNWRITABLE]
    work(Job.DELIVER, at=25 * HOUR)
    work(Job.SCHEDULE, at=25 * HOUR)
    assert signs(25 * HOUR).problems == []


def test_failures_are_counted_by_reason_whatever_the_program_stumbled_over(app: Flask) -> None:
    for reason in ("unsendable:TypeError", "unsendable:KeyError", "gave_up"):
        make_mail(state=OutgoingState.FAILED, reason=reason, due_at=NOON)
    old = make_mail(state=OutgoingState.FAILED, reason="recipient_refused", due_at=NOON - timedelta(days=8))
    make_mail(state=OutgoingState.FAILED, account_id=old.account_id, due_at=NOON)

    assert mail_health.failures(since=NOON - timedelta(days=7)) == {
        "unsendable": 2, "gave_up": 1, "recipient_refused": 1,
    }  # fmt: skip
    assert mail_health.failures()["recipient_refused"] == 2


def test_addresses_that_get_nothing_more_are_counted_once_each(app: Flask) -> None:
    make_suppressed_address("one@example.org")
    make_suppressed_address("two@example.org")

    assert mail_health.refused_addresses() == 2


def test_runs_of_a_job_are_counted_together_whoever_did_them(app: Flask) -> None:
    work(Job.SCHEDULE, seconds=2.0, queued=5)
    work(Job.SCHEDULE, seconds=0.5, queued=7, at=HOUR)
    with clock.at(NOON + 2 * HOUR), transaction():
        job_runs.note_failure(Job.SCHEDULE)

    run = session().get_one(JobRun, Job.SCHEDULE)
    assert (run.runs, run.seconds, run.seconds_of_all, run.found) == (2, 0.5, 2.5, {"queued": 7})
    assert (run.ended_at, run.seen_at) == (NOON + HOUR, NOON + 2 * HOUR)


def _flask(app: Flask, *arguments: str) -> Result:
    session().rollback()
    return app.test_cli_runner().invoke(args=["mail", "health", "--now", NOON.isoformat(), *arguments])


def test_the_command_exits_0_while_all_is_well_and_1_once_it_is_not(app: Flask) -> None:
    all_is_well()
    well = _flask(app, "--json")
    make_mail(due_at=NOON - HOUR)
    ill = _flask(app, "--json")

    assert (well.exit_code, ill.exit_code) == (0, 1)
    assert json.loads(well.stdout)["healthy"]
    answer = json.loads(ill.stdout)
    assert (answer["healthy"], answer["problems"], answer["states"]["queued"]) == (False, ["mail_overdue"], 1)
    assert (answer["oldest_due_at"], answer["worker_seen_at"]) == ("2026-11-22T11:00:00+00:00", NOON.isoformat())
    assert ill.stderr == ""


def test_the_command_for_people_says_the_same_in_lines(app: Flask) -> None:
    result = _flask(app)

    assert result.exit_code == 1
    assert "['worker_silent']" in result.stdout


@pytest.mark.parametrize("option", ["--loud", "--now=never"])
def test_bad_usage_of_the_command_is_exit_2(app: Flask, option: str) -> None:
    assert _flask(app, option).exit_code == 2
