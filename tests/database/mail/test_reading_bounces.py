"""The worker reads the mailbox that bounces come to: once in an hour, a piece at a time, and whoever writes there."""

import mailbox
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from huey import Huey
from sqlalchemy import select
from structlog.testing import capture_logs

from app import clock
from app.database import session
from app.jobs import bounces as reading
from app.jobs.bounces import read_bounces
from app.jobs.queue import open_queue
from app.jobs.tasks import is_first_this_hour, jobs
from app.mail.delivery import DeliveryCounts
from app.models import JobRun, SuppressedAddress
from app.queries import mail_health
from app.queries.mail_health import MailProblem
from app.task_words import Job
from app.vocabulary import OutgoingState
from tests.bounced import report
from tests.database.mail.post import NOON, deliver, message_id, queue, row, settings
from tests.smtp_peer import SmtpPeer

MAIL = b"Subject: hello\n\nNo report.\n"
HOUR = timedelta(hours=1)


@pytest.fixture
def sent(app: Flask, peer: SmtpPeer) -> list[str]:
    """Two mails that went, by the addresses that they come back to."""
    ids = queue(2)
    assert deliver() == DeliveryCounts(sent=2)
    return [next(mail.sender for mail in peer.mails if mail.id == message_id(mail_id)) for mail_id in ids]


@pytest.fixture
def tasks(app: Flask) -> Iterator[Huey]:
    """An empty queue."""
    found = open_queue(app.config["VESTKA"])
    found.storage.flush_all()
    yield found
    found.storage.flush_all()
    found.storage.close()


def _never() -> bool:
    return False


def _read(tasks: Huey, path: Path) -> dict[str, int]:
    """What a look came to, without what it did not find."""
    return {name: count for name, count in read_bounces(tasks, path, stopping=_never).items() if count}


def _mbox(path: Path, *mails: bytes) -> Path:
    with path.open("ab") as file:
        file.write(b"".join(b"From MAILER-DAEMON Mon\n" + mail + b"\n" for mail in mails))
    return path


def _suppressed() -> int:
    session().rollback()
    return len(session().scalars(select(SuppressedAddress)).all())


def test_m8_what_came_back_suppresses_its_address_once_and_what_is_forged_nobodys(
    tasks: Huey, sent: list[str], tmp_path: Path
) -> None:
    forged = report(to=sent[1].replace(".", ".a", 1)[: len(sent[1])])
    path = _mbox(tmp_path / "mbox", forged, report(to=sent[0]), MAIL)

    assert _read(tasks, path) == {"messages": 3, "bounced": 1, "forged": 1, "other": 1}
    assert _suppressed() == 1
    _mbox(path, report(to=sent[0]))
    assert _read(tasks, path) == {"messages": 2, "already": 1, "other": 1}  # the last of before, and the new one
    assert _suppressed() == 1


def test_a_report_that_is_still_being_written_is_read_when_it_is_whole(
    tasks: Huey, sent: list[str], tmp_path: Path
) -> None:
    whole = b"From MAILER-DAEMON Mon\n" + report(to=sent[0]) + b"\n"
    path = _mbox(tmp_path / "mbox", MAIL)
    with path.open("ab") as file:
        file.write(whole[:300])
        file.flush()
        assert _read(tasks, path) == {"messages": 2, "other": 2}
        file.write(whole[300:])

    assert _read(tasks, path) == {"messages": 1, "bounced": 1}


def test_an_mbox_that_was_emptied_and_filled_anew_is_read_from_its_beginning(
    tasks: Huey, sent: list[str], tmp_path: Path
) -> None:
    path = _mbox(tmp_path / "mbox", MAIL, MAIL)
    _read(tasks, path)
    path.write_bytes(b"")
    assert _read(tasks, path) == {}
    _mbox(path, report(to=sent[0]), report(to=sent[1]), MAIL)

    assert _read(tasks, path) == {"messages": 3, "bounced": 2, "other": 1}


def test_a_maildir_is_read_on_from_where_it_was_and_what_is_an_hour_old_once_more(
    tasks: Huey, sent: list[str], tmp_path: Path
) -> None:
    folder = mailbox.Maildir(tmp_path / "Maildir")
    for age, mail in ((3, MAIL), (2, report(to=sent[0])), (0, MAIL)):
        key = folder.add(mail)
        written = (NOON - age * HOUR).timestamp()
        os.utime(tmp_path / "Maildir" / "new" / key, (written, written))

    assert _read(tasks, tmp_path / "Maildir") == {"messages": 3, "bounced": 1, "other": 2}
    assert _read(tasks, tmp_path / "Maildir") == {"messages": 1, "other": 1}


@pytest.mark.parametrize("kind", ["mbox", "folder"])
def test_a_big_mailbox_is_read_in_pieces_and_a_worker_told_to_stop_stops(
    tasks: Huey, sent: list[str], tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_A_ROUND", 3)
    mails = [MAIL] * 5 + [report(to=sent[0])]
    path = tmp_path / kind
    if kind == "mbox":
        _mbox(path, *mails)
    else:
        path.mkdir()
        for number, mail in enumerate(mails):
            (path / f"{number}.eml").write_bytes(mail)

    assert read_bounces(tasks, path, stopping=lambda: True)["messages"] == 1
    assert _read(tasks, path) == {"messages": 3, "other": 3}
    assert _read(tasks, path) == {"messages": 2, "other": 1, "bounced": 1}


def test_a_file_that_cannot_be_read_is_counted_until_it_can_and_holds_up_no_other(
    tasks: Huey, sent: list[str], tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "0.eml")
    (tmp_path / "2.eml").write_bytes(report(to=sent[0]))

    with capture_logs() as logged:
        assert _read(tasks, tmp_path) == {"messages": 1, "bounced": 1, "unreadable": 1}
    assert ".eml" not in str(logged)
    (tmp_path / "0.eml").unlink()
    assert _read(tasks, tmp_path) == {"messages": 1, "already": 1}


def test_a_mailbox_that_is_not_there_is_a_problem_for_a_person_to_look_at(
    app: Flask, tasks: Huey, tmp_path: Path
) -> None:
    with settings(app, mail_bounces_path=tmp_path / "nowhere"):
        _hourly(app)
        assert mail_health.signs().problems == [MailProblem.BOUNCES_UNREADABLE]
        (tmp_path / "nowhere").write_bytes(b"")
        with clock.at(clock.now() + HOUR):
            _hourly(app)
        assert mail_health.signs().problems == []
        assert mail_health.signs().bounces_read_at is not None


def test_without_a_path_nothing_is_read_and_what_was_found_before_is_no_problem(
    app: Flask, tasks: Huey, tmp_path: Path
) -> None:
    with settings(app, mail_bounces_path=tmp_path / "nowhere"):
        _hourly(app)
    with clock.at(clock.now() + HOUR):
        _hourly(app)

    session().rollback()
    assert session().get_one(JobRun, Job.BOUNCES).runs == 1
    assert MailProblem.BOUNCES_UNREADABLE not in mail_health.signs().problems


def test_of_all_workers_one_reads_in_each_hour(app: Flask, tasks: Huey, tmp_path: Path) -> None:
    with clock.at(NOON), settings(app, mail_bounces_path=tmp_path):
        assert is_first_this_hour(tasks, Job.BOUNCES)
        _hourly(app)
    session().rollback()
    assert session().get(JobRun, Job.BOUNCES) is None


def test_a_mail_that_came_back_is_failed_however_often_its_report_is_read(
    app: Flask, peer: SmtpPeer, tasks: Huey, tmp_path: Path
) -> None:
    [mail_id] = queue(1)
    deliver()
    path = _mbox(tmp_path / "mbox", report(to=peer.mails[0].sender))
    with settings(app, mail_bounces_path=path):
        for hours in range(3):
            with clock.at(NOON + hours * HOUR):
                _hourly(app)

    session().rollback()
    assert row(mail_id).state is OutgoingState.FAILED
    assert session().get_one(JobRun, Job.BOUNCES).runs == 3


def _hourly(app: Flask) -> None:
    """What the worker's clock calls for."""
    session().rollback()
    task = jobs().queue._registry.periodic_tasks
    [reads] = [one for one in task if one.name == "read_bounces"]
    reads.execute()
