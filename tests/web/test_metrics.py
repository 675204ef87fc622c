"""The metrics: for whoever shows the token, in Prometheus' own format, and without anything about anybody (P3)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from app.actions import job_runs
from app.clock import now
from app.task_words import Job
from app.transaction import transaction
from app.vocabulary import OutgoingState
from tests.factories import make_administrator, make_mail, make_match, make_suppressed_address
from tests.web.browsing import browser_of

TOKEN = "only-for-tests-metrics-0123456789-xyz"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def measured(app: Flask) -> Iterator[Flask]:
    """The application with a token set."""
    usual = app.config["VESTKA"]
    app.config["VESTKA"] = replace(usual, metrics_token=TOKEN)
    yield app
    app.config["VESTKA"] = usual


def _values(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    answer = client.get("/metrics", headers=SHOWN)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=")
    families = text_string_to_metric_families(answer.text)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", f"Bearer {TOKEN} ", "Bearer ü"]
)
def test_without_the_token_there_is_no_such_page_not_even_from_this_machine(measured: Flask, header: str) -> None:
    """Behind a web server on the same machine everybody comes from 127.0.0.1."""
    client = measured.test_client()

    refused = client.get("/metrics", headers={"Authorization": header}, environ_base={"REMOTE_ADDR": "127.0.0.1"})

    assert refused.status_code == 404
    assert refused.text.replace("/metrics", "") == client.get("/nothing").text.replace("/nothing", "")


def test_where_no_token_is_set_nobody_gets_in_however_they_ask(app: Flask) -> None:
    client = browser_of(app, make_administrator())

    assert [client.get("/metrics", headers=headers).status_code for headers in ({}, SHOWN)] == [404, 404]


def test_the_queue_stands_there_in_numbers(measured: Flask) -> None:
    make_mail(due_at=now() - timedelta(hours=1))
    make_mail(state=OutgoingState.SENT)
    make_mail(state=OutgoingState.FAILED, reason="unsendable:TypeError")
    make_mail(state=OutgoingState.FAILED, reason="recipient_refused")
    make_mail(state=OutgoingState.FAILED, reason="brand_new")
    make_suppressed_address()

    values = _values(measured.test_client())

    states = {name[1]: value for name, value in values.items() if name[0] == "vestka_mails"}
    assert states == dict.fromkeys(OutgoingState, 0) | {"queued": 1, "sent": 1, "failed": 3}
    failed = {name[1]: value for name, value in values.items() if name[0] == "vestka_mails_failed" and value}
    assert failed == {"unsendable": 1, "recipient_refused": 1, "other": 1}
    assert 3600 <= values["vestka_mail_oldest_due_seconds",] < 3700
    assert values["vestka_mail_queue_paused",] == 0
    assert values["vestka_mail_refused_addresses",] == 1
    assert values["vestka_mail_problem", "worker_silent"] == 1
    assert values["vestka_mail_problem", "queue_paused"] == 0


def test_the_worker_and_its_rounds_stand_there_too(measured: Flask) -> None:
    with transaction():
        job_runs.note_end(Job.SCHEDULE, seconds=2.0, found={"queued": 5, "already": 4, "skipped": 3})
    with transaction():
        job_runs.note_end(Job.DELIVER, seconds=0.5, found={})
        job_runs.note_end(Job.DELIVER, seconds=1.5, found={})
        job_runs.note_failure(Job.DELIVER)

    values = _values(measured.test_client())

    round_of = {name[1]: value for name, value in values.items() if name[0] == "vestka_reminders_last_round"}
    assert round_of == {"queued": 5, "already": 4, "skipped": 3}
    assert values["vestka_job_runs_total", "deliver"] == 2
    assert values["vestka_job_seconds_total", "deliver"] == 2.0
    assert values["vestka_job_last_run_seconds", "deliver"] == 1.5
    assert abs(values["vestka_worker_last_seen_timestamp_seconds",] - now().timestamp()) < 60
    assert ("vestka_job_last_failure_timestamp_seconds", "schedule_reminders") not in values


def test_a_fresh_site_measures_nothing_and_breaks_nothing(measured: Flask) -> None:
    values = _values(measured.test_client())

    assert values["vestka_mail_oldest_due_seconds",] == 0
    assert ("vestka_worker_last_seen_timestamp_seconds",) not in values


def test_p3_what_became_of_people_is_in_no_label(measured: Flask) -> None:
    """A mail held back since somebody died counts as held back, like any other."""
    match = make_match()
    for message, reason in (("condolence", "event_overtaken"), ("letter_due", "no_longer_held"), ("offer", "conflict")):
        make_mail(match=match, message=message, state=OutgoingState.SUPPRESSED, reason=reason)

    text = measured.test_client().get("/metrics", headers=SHOWN).text

    told = (
        "condolence",
        "no_longer_held",
        "event_overtaken",
        "conflict",
        "letter_due",
        match.id,
        match.sponsor.country,
    )
    assert [word for word in told if word in text] == []
    assert 'vestka_mails{state="suppressed"} 3.0' in text
