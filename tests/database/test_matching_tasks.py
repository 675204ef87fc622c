"""Matching tasks: one of a sort at a time, owned by one worker, given up with its death, and nothing kept by halves."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from app import clock
from app.actions import matching_tasks, runs
from app.actions.matching_tasks import LEASE, Claim, ClaimLost
from app.clock import now
from app.database import session
from app.errors import NotAllowed
from app.jobs import matching
from app.jobs.matching import work_on_tasks
from app.jobs.tasks import purge
from app.matching import Policy
from app.matching.policy import TierPoints
from app.models import Account, Base, Match, MatchingRun, MatchingTask
from app.permissions import Viewer
from app.queries.accounts import viewer_of
from app.queries.matching_tasks import is_dead
from app.retention import Category, period
from app.task_words import RunStage, TaskEnd, TaskState
from app.transaction import transaction
from app.vocabulary import StaffRole, SupportKind
from tests.factories import (
    fresh,
    make_administrator,
    make_coordinator,
    make_dry_run_task,
    make_prisoner,
    make_sponsor,
    make_task,
    writing,
)

LETTERS, GODPARENT = SupportKind.LETTER_WRITER, SupportKind.GODPARENT
OTHER_POLICY = Policy(tier=TierPoints(disability=6, serious_illness=1))


@pytest.fixture
def cora(app: Flask) -> Account:
    """Somebody of the programme."""
    return make_coordinator(roles=[StaffRole.PROGRAMME], email="cora@example.org")


def ask(by: Account, kind: SupportKind = LETTERS) -> str:
    viewer = viewer_of(by)
    with transaction():
        return matching_tasks.ask_for_run(kind, by=viewer)


def claim(moment: datetime | None = None) -> Claim:
    with transaction():
        found = matching_tasks.claim_next(moment or now())
    assert found is not None
    return found


def task(task_id: str) -> MatchingTask:
    session().rollback()
    return session().scalars(select(MatchingTask).where(MatchingTask.id == task_id)).one()


def count(model: type[Base]) -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(model)) or 0


def work(stopping: Callable[[], bool] = lambda: False) -> None:
    work_on_tasks(stopping=stopping)


def test_a_run_that_was_asked_for_is_kept_in_the_name_of_whoever_asked(cora: Account) -> None:
    make_prisoner()
    make_sponsor()
    task_id = ask(cora)

    work()

    done = task(task_id)
    run = session().scalars(select(MatchingRun)).one()
    assert (done.state, done.run_id, done.claim, done.lease_until) == (TaskState.DONE, run.id, None, None)
    assert (run.started_by, count(Match)) == (cora.id, 1)


def test_every_stage_is_told_in_order(cora: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    tell = matching_tasks.tell
    monkeypatch.setattr(matching_tasks, "tell", lambda *a, **k: (told.append(a[1]), tell(*a, **k)))
    ask(cora)

    work()

    assert told == [stage.value for stage in RunStage]


def test_tasks_are_done_in_the_order_in_which_they_were_asked_for(cora: Account) -> None:
    first, second = ask(cora, GODPARENT), ask(cora, LETTERS)
    with writing():
        fresh(task(first)).asked_at = now() - timedelta(minutes=1)

    assert [claim().task_id, claim().task_id] == [first, second]


def test_a_second_run_of_a_kind_is_the_one_under_way_and_the_other_kind_is_its_own(cora: Account) -> None:
    other = make_coordinator(roles=[StaffRole.PROGRAMME])
    first = ask(cora)

    assert ask(other) == first
    claim()
    assert ask(other) == first
    assert ask(other, GODPARENT) != first
    work()
    assert count(MatchingTask) == 2


@pytest.mark.parametrize("roles", [[StaffRole.COORDINATOR], [StaffRole.ADMINISTRATOR], []])
def test_only_the_programme_asks_for_runs(app: Flask, roles: list[StaffRole]) -> None:
    with pytest.raises(NotAllowed):
        ask(make_coordinator(roles=roles))

    assert count(MatchingTask) == 0


def test_only_administrators_ask_for_dry_runs(cora: Account) -> None:
    viewer = viewer_of(cora)
    with pytest.raises(NotAllowed), transaction():
        matching_tasks.ask_for_dry_run(OTHER_POLICY, by=viewer)


def test_c1_two_who_ask_at_once_get_the_same_run(app: Flask) -> None:
    viewers = [viewer_of(make_coordinator(roles=[StaffRole.PROGRAMME])) for _ in range(2)]
    session().rollback()
    ready, ids = threading.Barrier(2), []

    def ask_now(viewer: Viewer) -> None:
        with app.app_context():
            ready.wait(10)
            with transaction():
                ids.append(matching_tasks.ask_for_run(LETTERS, by=viewer))

    threads = [threading.Thread(target=ask_now, args=(viewer,)) for viewer in viewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert count(MatchingTask) == 1


def test_the_database_refuses_a_second_one_under_way_as_well(cora: Account) -> None:
    make_task(by=cora)

    with pytest.raises(IntegrityError):
        make_task(by=cora)


def test_a_worker_that_is_silent_for_longer_than_its_lease_is_dead_and_the_run_can_be_begun_again(
    cora: Account,
) -> None:
    first = ask(cora)
    lost = claim()
    later = now() + LEASE + timedelta(seconds=1)

    with clock.at(later):
        assert is_dead(task(first))
        second = ask(cora)

    stopped = task(first)
    assert (stopped.state, stopped.reason, stopped.claim) == (TaskState.STOPPED, TaskEnd.DIED, None)
    assert second != first
    for late in (matching_tasks.give_back, matching_tasks.fail):
        with pytest.raises(ClaimLost), transaction():
            late(lost)
    assert task(first).reason is TaskEnd.DIED


def test_every_word_renews_the_lease(cora: Account) -> None:
    task_id, mine = ask(cora), claim()
    nearly = now() + LEASE - timedelta(seconds=1)
    with transaction():
        matching_tasks.tell(mine, RunStage.SOLVE.value, moment=nearly)

    with clock.at(nearly + LEASE - timedelta(seconds=1)):
        assert not is_dead(task(task_id))
        work()
    assert (task(task_id).state, task(task_id).stage) == (TaskState.RUNNING, RunStage.SOLVE.value)


def test_a_worker_looks_for_the_dead_before_it_begins(cora: Account) -> None:
    task_id = ask(cora)
    claim()

    with clock.at(now() + LEASE + timedelta(seconds=1)), capture_logs() as logs:
        work()

    assert task(task_id).reason is TaskEnd.DIED
    assert [line["event"] for line in logs] == ["matching_tasks_died"]


def test_a_worker_that_comes_late_keeps_nothing_of_its_run(cora: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was taken for dead while it solved: what somebody began in its place must not meet it."""
    make_prisoner()
    make_sponsor()
    task_id, compute = ask(cora), runs.compute

    def compute_slowly(*arguments: object, **more: object) -> runs.ComputedRun:
        computed = compute(*arguments, **more)
        with transaction():
            matching_tasks.stop_dead(now() + LEASE + timedelta(seconds=1))
        return computed

    monkeypatch.setattr(runs, "compute", compute_slowly)
    with capture_logs() as logs:
        work()

    assert task(task_id).reason is TaskEnd.DIED
    assert (count(MatchingRun), count(Match)) == (0, 0)
    assert [line["event"] for line in logs] == ["matching_task_lost"]


def test_a_run_that_fails_says_so_logs_its_kind_only_and_can_be_asked_for_again(
    cora: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("Ihar Adzinotny, secret@example.org")

    monkeypatch.setattr(matching.runs, "compute", broken)
    task_id = ask(cora)

    with capture_logs() as logs:
        work()

    assert (task(task_id).state, task(task_id).reason) == (TaskState.STOPPED, TaskEnd.FAILED)
    assert logs == [{"event": "matching_task_failed", "task": task_id, "kind": "RuntimeError", "log_level": "error"}]
    assert ask(cora) != task_id


def test_whoever_may_no_longer_run_the_matching_when_it_is_kept_has_asked_in_vain(cora: Account) -> None:
    task_id = ask(cora)
    with writing():
        fresh(cora).roles = []

    with capture_logs() as logs:
        work()

    assert task(task_id).reason is TaskEnd.FAILED
    assert count(MatchingRun) == 0
    assert [line["kind"] for line in logs] == ["NotAllowed"]


def test_a_worker_told_to_stop_gives_the_task_back_and_the_next_one_does_it(cora: Account) -> None:
    task_id = ask(cora)
    answers = iter([False, False, True, True, True])

    work(lambda: next(answers))

    waiting = task(task_id)
    assert (waiting.state, waiting.claim, waiting.stage) == (TaskState.WAITING, None, None)
    work()
    assert task(task_id).state is TaskState.DONE


def test_a_dry_run_keeps_what_it_found_and_no_run(app: Flask) -> None:
    ill = make_prisoner(facts=["serious_illness"])
    make_prisoner(facts=["disability"])
    make_sponsor(capacity=1)
    ada = viewer_of(make_administrator())
    with transaction():
        task_id = matching_tasks.ask_for_dry_run(OTHER_POLICY, by=ada)

    work()

    done = task(task_id)
    assert (done.state, done.found["version"], list(done.found["kinds"])) == (
        TaskState.DONE, 1, ["godparent", "letter_writer"]
    )  # fmt: skip
    lost = [one for one in done.found["kinds"]["letter_writer"]["prisoners"] if one["change"] == "lost"]
    assert [one["prisoner"] for one in lost] == [ill.id]
    assert (count(MatchingRun), count(Match)) == (0, 0)


def test_another_dry_run_of_the_same_person_takes_the_place_of_the_last(app: Flask) -> None:
    ada, bea = (viewer_of(make_administrator()) for _ in range(2))
    with transaction():
        first = matching_tasks.ask_for_dry_run(OTHER_POLICY, by=ada)
        others = matching_tasks.ask_for_dry_run(OTHER_POLICY, by=bea)
    mine = claim()
    with transaction():
        second = matching_tasks.ask_for_dry_run(OTHER_POLICY, by=ada)

    assert task(first).reason is TaskEnd.OVERTAKEN
    assert {task(others).state, task(second).state} <= {TaskState.WAITING, TaskState.RUNNING}
    if mine.task_id == first:
        with pytest.raises(ClaimLost), transaction():
            matching_tasks.finish_dry_run(mine, {})


def test_what_ended_is_forgotten_after_a_day(cora: Account) -> None:
    ended, kept = {"state": TaskState.STOPPED, "reason": TaskEnd.FAILED}, period(Category.TASKS)
    old = make_task(by=cora, **ended, ended_at=now() - kept - timedelta(minutes=1)).id
    young = make_task(by=cora, **ended, ended_at=now() - kept + timedelta(minutes=1)).id
    dry = make_dry_run_task(by=cora, state=TaskState.DONE, ended_at=now() - kept - timedelta(minutes=1)).id

    purge(stopping=lambda: False)

    session().rollback()
    left = set(session().scalars(select(MatchingTask.id)))
    assert left == {young}, (old, dry)
