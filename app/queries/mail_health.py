"""Whether mail runs as it should: how long it waits, whether a worker is there, and what keeps failing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, func, or_, select

from app.clock import now
from app.database import session
from app.models import JobRun, OutgoingMail, ServerTrouble, SuppressedAddress
from app.queries import mails
from app.settings import current_settings
from app.task_words import Job
from app.vocabulary import OutgoingState

SILENT_AFTER = timedelta(minutes=10)
"""The worker looks into the outbox every minute; a matching run may keep it for a few."""

LATE_AFTER = timedelta(hours=3)
"""Reminders are scheduled every hour."""

OVERDUE_AFTER = timedelta(minutes=30)
LATELY = timedelta(days=7)
JUST_NOW = timedelta(days=1)

UNSENDABLE = "unsendable"
"""What all failures to write a mail count as, whatever the program stumbled over."""

_BROKEN_HEADER = "broken_header"


class MailProblem(StrEnum):
    """What a person has to look at; the values stand in `flask mail health --json` and among the metrics."""

    WORKER_SILENT = "worker_silent"
    SCHEDULE_LATE = "schedule_late"
    QUEUE_PAUSED = "queue_paused"
    MAIL_OVERDUE = "mail_overdue"
    JOB_BROKE = "job_broke"
    MAIL_UNWRITABLE = "mail_unwritable"
    BOUNCES_UNREADABLE = "bounces_unreadable"


@dataclass(frozen=True, kw_only=True)
class Signs:
    """What tells whether mail runs. Moments are None for what never was, or is not so now.

    `oldest_due_at`: since when the mail waits that has been due longest. `busy_until`: the lease of a mail that is
    being handed over. `unwritable`: how many mails could not be written within a day.
    """

    moment: datetime
    oldest_due_at: datetime | None
    busy_until: datetime | None
    paused_until: datetime | None
    paused_why: str | None
    unwritable: int
    jobs: Mapping[Job, JobRun]

    @property
    def worker_seen_at(self) -> datetime | None:
        """When a worker last showed that it is there."""
        return max((run.seen_at for run in self.jobs.values()), default=None)

    @property
    def scheduled_at(self) -> datetime | None:
        """When all reminders were last looked at."""
        run = self.jobs.get(Job.SCHEDULE)
        return run.ended_at if run else None

    @property
    def bounces_read_at(self) -> datetime | None:
        """When the mailbox that bounces come to was last looked into; None where no worker does."""
        run = self.jobs.get(Job.BOUNCES)
        return run.ended_at if run else None

    @property
    def bounces(self) -> Mapping[str, int]:
        """What that look counted (`app.actions.bounces.COUNTED`)."""
        run = self.jobs.get(Job.BOUNCES)
        return run.found if run else {}

    @property
    def waits(self) -> timedelta:
        """How long the mail waits that has been due longest."""
        return self.moment - self.oldest_due_at if self.oldest_due_at else timedelta()

    @property
    def _is_schedule_late(self) -> bool:
        """By the last look at the reminders; where there was none, by how long a worker should have had one."""
        since = self.scheduled_at or min((run.first_at for run in self.jobs.values()), default=None)
        return _is_before(since, self.moment - LATE_AFTER)

    @property
    def problems(self) -> list[MailProblem]:
        """What a person has to look at. What only follows from a silent worker or a pause is not named beside it."""
        found = []
        busy = self.busy_until is not None and self.busy_until > self.moment
        silent = not busy and _is_before(self.worker_seen_at, self.moment - SILENT_AFTER)
        if silent:
            found.append(MailProblem.WORKER_SILENT)
        elif self._is_schedule_late:
            found.append(MailProblem.SCHEDULE_LATE)
        if self.paused_until is not None:
            found.append(MailProblem.QUEUE_PAUSED)
        elif not silent and self.waits > OVERDUE_AFTER:
            found.append(MailProblem.MAIL_OVERDUE)
        if any(run.is_broken for run in self.jobs.values()):
            found.append(MailProblem.JOB_BROKE)
        if self.unwritable:
            found.append(MailProblem.MAIL_UNWRITABLE)
        if self.bounces.get("unreadable"):
            found.append(MailProblem.BOUNCES_UNREADABLE)
        return found


@dataclass(frozen=True, kw_only=True)
class Health:
    """The signs, and the numbers behind them. `failures`: of a week, by reason, the most frequent first."""

    signs: Signs
    states: Mapping[OutgoingState, int]
    failures: Mapping[str, int]
    refused_addresses: int


def signs() -> Signs:
    """The signs as they stand, in two queries that look at few rows however many mails there were."""
    moment = now()
    found = session().execute(_signs_at(moment)).one()
    return Signs(
        moment=moment,
        oldest_due_at=min(filter(None, (found.queued_since, found.waiting_since)), default=None),
        busy_until=found.busy_until,
        paused_until=found.paused_until,
        paused_why=found.paused_why,
        unwritable=found.unwritable,
        jobs={run.job: run for run in session().scalars(select(JobRun)) if run.job in _wanted()},
    )


def health() -> Health:
    """The signs, and every number that the page of the queue shows."""
    return Health(
        signs=signs(),
        states=mails.counts(),
        failures=failures(since=now() - LATELY),
        refused_addresses=refused_addresses(),
    )


def failures(*, since: datetime | None = None) -> dict[str, int]:
    """How many mails failed for each reason, the most frequent first; of those last due since then, or of all."""
    query = select(OutgoingMail.reason, func.count()).where(OutgoingMail.state == OutgoingState.FAILED)
    if since is not None:
        query = query.where(OutgoingMail.due_at >= since)
    counted: dict[str, int] = {}
    for reason, count in session().execute(query.group_by(OutgoingMail.reason)):
        name = UNSENDABLE if str(reason).startswith(UNSENDABLE) else str(reason)
        counted[name] = counted.get(name, 0) + count
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


def refused_addresses() -> int:
    """How many addresses get no mail any more, since their mail provider refused or returned one for good."""
    return session().scalar(select(func.count()).select_from(SuppressedAddress)) or 0


def _wanted() -> Collection[Job]:
    """The jobs that a worker has: what one did that the settings no longer ask for says nothing."""
    return set(Job) if current_settings().mail_bounces_path else set(Job) - {Job.BOUNCES}


def _signs_at(moment: datetime) -> Select[*tuple[object, ...]]:
    due = select(func.min(OutgoingMail.due_at)).where(OutgoingMail.due_at <= moment)
    leases = select(func.max(OutgoingMail.lease_until)).where(OutgoingMail.state == OutgoingState.SENDING)
    pausing = mails.pausing(moment)
    unwritable = select(func.count()).where(
        OutgoingMail.state == OutgoingState.FAILED,
        OutgoingMail.due_at >= moment - JUST_NOW,
        or_(OutgoingMail.reason.startswith(f"{UNSENDABLE}:"), OutgoingMail.reason == _BROKEN_HEADER),
    )
    return select(
        due.where(OutgoingMail.state == OutgoingState.QUEUED).scalar_subquery().label("queued_since"),
        due.where(OutgoingMail.state == OutgoingState.WAITING).scalar_subquery().label("waiting_since"),
        leases.scalar_subquery().label("busy_until"),
        pausing.with_only_columns(ServerTrouble.paused_until).scalar_subquery().label("paused_until"),
        pausing.with_only_columns(ServerTrouble.reason).scalar_subquery().label("paused_why"),
        unwritable.scalar_subquery().label("unwritable"),
    )


def _is_before(moment: datetime | None, limit: datetime) -> bool:
    """Whether it was before the limit, or never."""
    return moment is None or moment < limit
