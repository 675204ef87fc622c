"""A run that takes longer than a page should: asked for, looked at stage by stage, done, dead, begun again."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.actions.matching_tasks import LEASE
from app.clock import now
from app.database import session
from app.jobs.matching import work_on_tasks
from app.models import Account, MatchingTask
from app.queries import matching_tasks, policies
from app.task_words import RunStage, TaskEnd, TaskState
from app.vocabulary import StaffRole, SupportKind
from tests.factories import (
    make_administrator,
    make_coordinator,
    make_dry_run_task,
    make_policy,
    make_prisoner,
    make_sponsor,
    make_task,
)
from tests.web.browsing import browser_of, soup, token_of
from tests.web.test_policy_pages import DISABILITY_FIRST, compare, form_of

LETTERS = SupportKind.LETTER_WRITER.value


@pytest.fixture
def cora(app: Flask) -> Account:
    return make_coordinator(roles=[StaffRole.COORDINATOR, StaffRole.PROGRAMME])


@pytest.fixture
def client(app: Flask, cora: Account) -> FlaskClient:
    """The browser of somebody of the programme."""
    return browser_of(app, cora)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A programme that is too large for a page."""
    monkeypatch.setattr(matching_tasks, "PAIRS_AT_ONCE", -1)


def run(client: FlaskClient) -> str:
    """Press the desk's button; where it led."""
    answer = client.post("/desk/runs", data={"csrf_token": token_of(client, "/desk"), "kind": LETTERS})
    assert answer.status_code == 302
    return answer.location


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return soup(answer).main.get_text(" ", strip=True)


def running(cora: Account, **changes: object) -> MatchingTask:
    values = {"state": TaskState.RUNNING, "claim": "a" * 16, "heard_at": now(), "lease_until": now() + LEASE}
    return make_task(by=cora, **values | changes)


def test_a_small_run_is_done_at_once(client: FlaskClient) -> None:
    make_prisoner()
    make_sponsor()

    assert run(client) == "/desk/proposals"

    assert session().query(MatchingTask).count() == 0
    assert "The matching is done" in text(client, "/desk/proposals")


@pytest.mark.usefixtures("large")
def test_a_large_run_waits_for_the_worker_and_is_looked_at_until_it_is_done(client: FlaskClient) -> None:
    make_prisoner()
    make_sponsor()
    path = run(client)

    waiting = soup(client.get(path))
    work_on_tasks(stopping=lambda: False)
    done = soup(client.get(path))

    assert "waits for the worker" in waiting.main.get_text()
    assert waiting.select_one("[data-goes-on]")
    assert waiting.select_one(f'main a[href="{path}"]')
    assert done.h1.get_text() == "The matching is done"
    assert done.select_one("[data-goes-on]") is None
    assert done.select_one("main a.btn-primary")["href"] == "/desk/proposals"


@pytest.mark.usefixtures("large")
def test_whoever_asks_for_a_second_run_is_told_and_led_to_the_first(app: Flask, client: FlaskClient) -> None:
    other = browser_of(app, make_coordinator(roles=[StaffRole.PROGRAMME]))
    first = run(client)

    second = run(other)

    assert second == first
    assert "under way already" in text(other, second)
    assert first in [link.get("href") for link in soup(other.get("/desk")).select("#matching ~ table a")]


def test_a_small_run_waits_for_nobody_but_is_told_of_a_large_one(client: FlaskClient, cora: Account) -> None:
    task = running(cora)

    assert run(client) == f"/desk/runs/{task.id}"


@pytest.mark.parametrize(("number", "stage"), list(enumerate(RunStage, start=1)))
def test_the_page_says_which_stage_it_is_at(client: FlaskClient, cora: Account, number: int, stage: RunStage) -> None:
    task = running(cora, stage=stage.value)

    page = soup(client.get(f"/desk/runs/{task.id}"))

    assert f"Step {number} of {len(RunStage)}" in page.select_one(".steps-words").get_text(" ", strip=True)
    assert len(page.select("[aria-current=step]")) == 1


def test_o2_a_run_whose_worker_died_says_so_and_is_begun_again(client: FlaskClient, cora: Account) -> None:
    task = running(cora, stage=RunStage.SOLVE.value)

    with clock.at(now() + LEASE + timedelta(seconds=1)):
        page = soup(client.get(f"/desk/runs/{task.id}"))
        fields = {field["name"]: field["value"] for field in page.select("main form input")}
        again = client.post("/desk/runs", data=fields)

    assert "stopped before it was done" in page.main.get_text()
    assert page.select_one("[data-goes-on]") is None
    assert again.location == "/desk/proposals"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": TaskState.STOPPED, "reason": TaskEnd.FAILED}, "It could not be done."),
        ({"state": TaskState.STOPPED, "reason": TaskEnd.DIED}, "It stopped before it was done."),
    ],
)
def test_a_run_that_stopped_can_be_begun_again(
    client: FlaskClient, cora: Account, changes: dict[str, object], words: str
) -> None:
    task = make_task(by=cora, **changes)

    assert words in text(client, f"/desk/runs/{task.id}")
    assert "Begin it again" in text(client, f"/desk/runs/{task.id}")


def test_a_worker_that_does_not_come_is_wondered_at(client: FlaskClient, cora: Account) -> None:
    task = make_task(by=cora, asked_at=now() - timedelta(minutes=3))

    assert "whether the worker is up" in text(client, f"/desk/runs/{task.id}")


def test_a_dry_run_is_no_run(client: FlaskClient) -> None:
    task = make_dry_run_task(by=make_administrator())

    assert client.get(f"/desk/runs/{task.id}").status_code == 404


@pytest.mark.usefixtures("large")
def test_a_large_dry_run_is_the_workers_and_its_answer_can_be_put_into_force(app: Flask) -> None:
    ill = make_prisoner(facts=["serious_illness"])
    make_prisoner(facts=["disability"])
    make_sponsor(capacity=1)
    ada = browser_of(app, make_administrator())
    path = compare(ada, **DISABILITY_FIRST).location

    waiting = text(ada, path)
    work_on_tasks(stopping=lambda: False)
    answer = soup(ada.get(path))
    put = ada.post("/admin/policy", data=form_of(answer, "/admin/policy"))

    assert "waits for the worker" in waiting
    assert f"Record {ill.id} 1 → 3 1 → 0 seriously ill: 3 → 1 points" in answer.main.get_text(" ", strip=True)
    assert put.location == "/admin/policy"
    session().rollback()
    assert (policies.current().version, policies.current().tier.disability) == (2, 6)


def test_z2_somebody_elses_dry_run_is_not_there(app: Flask) -> None:
    task = make_dry_run_task(by=make_administrator())

    assert browser_of(app, make_administrator()).get(f"/admin/policy/dry-runs/{task.id}").status_code == 404


def test_an_answer_beside_a_policy_that_was_overtaken_is_not_shown_as_if_it_held(app: Flask) -> None:
    administrator = make_administrator()
    found = {"version": 1, "kinds": {}}
    task = make_dry_run_task(by=administrator, state=TaskState.DONE, found=found)
    make_policy(version=2, body={"seat": {"third": 7}})
    ada = browser_of(app, administrator)

    page = soup(ada.get(f"/admin/policy/dry-runs/{task.id}"))

    assert "Another policy has been put into force meanwhile" in page.main.get_text()
    assert form_of(page, "/admin/policy/compare")["seat-third"] == "5"
