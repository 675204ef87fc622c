"""The page of the queue's state, and the line on the desk: numbers and what to do, for whoever may watch."""

from datetime import timedelta

import pytest
from flask import Flask

from app.actions import job_runs
from app.clock import now
from app.queries.mail_health import MailProblem
from app.task_words import Job
from app.transaction import transaction
from app.vocabulary import OutgoingState
from app.web import mail_words
from tests.factories import (
    make_administrator,
    make_coordinator,
    make_mail,
    make_server_trouble,
    make_suppressed_address,
)
from tests.web.browsing import browser_of, soup


def _all_is_well() -> None:
    for job in Job:
        with transaction():
            job_runs.note_end(job, seconds=1234.5, found={})


def _page(app: Flask) -> str:
    return str(soup(browser_of(app, make_administrator()).get("/admin/mail")).main.get_text(" ", strip=True))


def test_while_mail_runs_the_page_says_so(app: Flask) -> None:
    _all_is_well()

    page = _page(app)

    assert "Mail runs as it should" in page
    assert "it is not paused" in page
    assert "1,234.5 s" in page


def test_mails_in_doubt_are_left_to_those_who_look_after_their_recipients(app: Flask) -> None:
    _all_is_well()
    assert "Nothing needs doing here." in _page(app)

    make_mail(state=OutgoingState.IN_DOUBT)

    assert "Nothing needs doing" not in _page(app)
    assert "Mails in doubt wait for whoever looks after the people" in _page(app)


def test_a_site_without_a_worker_is_told_what_to_look_at(app: Flask) -> None:
    page = _page(app)

    assert "A person has to look No worker has been seen" in page
    assert "A worker was last seen never" in page


def test_pauses_failures_and_addresses_are_said_with_their_reasons(app: Flask) -> None:
    _all_is_well()
    make_server_trouble("login_refused", paused_until=now() + timedelta(minutes=3))
    make_suppressed_address()
    for _ in range(2):
        make_mail(state=OutgoingState.FAILED, reason="unsendable:TypeError")
    make_mail(state=OutgoingState.FAILED)

    page = _page(app)

    assert "Our mail server refuses our log-in." in page
    assert "It could not be written. Whoever runs the program has to look. 2" in page
    assert "Addresses that a mail provider refused for good 1" in page
    assert "look for “mail_unsendable” in the worker's log" in page


def test_a_job_that_broke_off_is_marked_in_words(app: Flask) -> None:
    _all_is_well()
    with transaction():
        job_runs.note_failure(Job.SCHEDULE)

    assert "the last time" in _page(app)


@pytest.mark.parametrize("roles", [["programme"], ["coordinator", "programme"]])
def test_the_desk_of_the_programmes_people_has_a_line_that_leads_there(app: Flask, roles: list[str]) -> None:
    client = browser_of(app, make_coordinator(roles=roles))
    ill = soup(client.get("/desk"))
    _all_is_well()
    well = soup(client.get("/desk"))

    assert ill.select_one(".notice a[href='/admin/mail']") is not None
    assert well.select_one(".notice a[href='/admin/mail']") is None
    assert "Mail runs as it should." in well.get_text()


def test_z5_whoever_only_coordinates_learns_nothing_of_the_whole_queue(app: Flask) -> None:
    client = browser_of(app, make_coordinator())

    assert "/admin/mail" not in client.get("/desk").text
    assert client.get("/admin/mail").status_code == 403


def test_every_problem_and_every_job_has_its_words() -> None:
    assert set(mail_words.PROBLEMS) == set(MailProblem)
    assert set(mail_words.JOBS) == set(Job)
