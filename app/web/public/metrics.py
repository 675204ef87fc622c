"""The metrics of mail and worker in Prometheus' text format: totals without a name, a country or a prisoner's fate.

There is no such page without `VESTKA_METRICS_TOKEN`, and none for whoever does not show it. Where a request came from
opens nothing: behind a web server on the same machine everybody seems to come from it (docs/operations.md).
"""

import hmac
from collections.abc import Iterator

from flask import Response, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.errors import NotFound
from app.queries import mail_health
from app.queries.mail_health import Health, MailProblem, Signs
from app.settings import current_settings
from app.task_words import Job
from app.web.access import public
from app.web.public.blueprint import blueprint

FAILURES = frozenset(
    {"bad_address", "broken_header", "content_refused", "gave_up", "policy_refused", "recipient_refused", "unsendable"}
)
"""The reasons that are told apart; all others are counted as `other`, so that no new one says more than it should."""


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Everything that is measured, for whoever shows the token; to others there is nothing here."""
    if not _shows_token():
        raise NotFound("There is no such page.")
    registry = CollectorRegistry()
    registry.register(_Measured(mail_health.health(), mail_health.failures()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _shows_token() -> bool:
    token = current_settings().metrics_token
    kind, _space, shown = request.headers.get("Authorization", "").partition(" ")
    return token is not None and kind.lower() == "bearer" and hmac.compare_digest(shown.encode(), token.encode())


class _Measured(Collector):
    """One look at mail and worker. A registry of its own: the usual one would measure this one web process."""

    def __init__(self, health: Health, failures: dict[str, int]) -> None:
        self._health = health
        self._failures = failures

    def collect(self) -> Iterator[Metric]:
        yield from self._mails()
        yield from _queue(self._health.signs)
        yield _last_round(self._health.signs)
        yield from _jobs(self._health.signs)

    def _mails(self) -> Iterator[Metric]:
        """Gauges, though most only grow: rows go when an account is erased, and a counter must not fall."""
        states = GaugeMetricFamily("vestka_mails", "Outgoing mails by state.", labels=["state"])
        for state, count in self._health.states.items():
            states.add_metric([state.value], count)
        yield states
        failed = GaugeMetricFamily("vestka_mails_failed", "Failed mails by reason.", labels=["reason"])
        told_apart = dict.fromkeys([*sorted(FAILURES), "other"], 0)
        for reason, count in self._failures.items():
            told_apart[reason if reason in FAILURES else "other"] += count
        for reason, count in told_apart.items():
            failed.add_metric([reason], count)
        yield failed
        refused = self._health.refused_addresses
        yield GaugeMetricFamily("vestka_mail_refused_addresses", "Addresses refused for good.", value=refused)


def _queue(signs: Signs) -> Iterator[Metric]:
    waits = signs.waits.total_seconds()
    yield GaugeMetricFamily("vestka_mail_oldest_due_seconds", "How long the oldest due mail has waited.", value=waits)
    paused = signs.paused_until is not None
    yield GaugeMetricFamily("vestka_mail_queue_paused", "1 while our mail server cannot be used.", value=paused)
    problems = GaugeMetricFamily("vestka_mail_problem", "1 for what a person has to look at.", labels=["problem"])
    for problem in MailProblem:
        problems.add_metric([problem.value], problem in signs.problems)
    yield problems
    if signs.worker_seen_at:
        seen = signs.worker_seen_at.timestamp()
        yield GaugeMetricFamily("vestka_worker_last_seen_timestamp_seconds", "When a worker was there.", value=seen)


def _last_round(signs: Signs) -> Metric:
    """Without the reasons of what was skipped, which would count people by what happened to them."""
    metric = GaugeMetricFamily("vestka_reminders_last_round", "Reminders of the last hourly look.", labels=["outcome"])
    run = signs.jobs.get(Job.SCHEDULE)
    for outcome in ("queued", "already", "skipped"):
        metric.add_metric([outcome], run.found.get(outcome, 0) if run else 0)
    return metric


def _jobs(signs: Signs) -> Iterator[Metric]:
    runs = CounterMetricFamily("vestka_job_runs", "Runs of each job that ended.", labels=["job"])
    of_all = CounterMetricFamily("vestka_job_seconds", "Seconds that these runs took together.", labels=["job"])
    last = GaugeMetricFamily("vestka_job_last_run_seconds", "Seconds that the last run took.", labels=["job"])
    ended = GaugeMetricFamily("vestka_job_last_end_timestamp_seconds", "When the last run ended.", labels=["job"])
    broke = GaugeMetricFamily("vestka_job_last_failure_timestamp_seconds", "When a run broke off.", labels=["job"])
    for job, run in sorted(signs.jobs.items()):
        runs.add_metric([job.value], run.runs)
        of_all.add_metric([job.value], run.seconds_of_all)
        last.add_metric([job.value], run.seconds)
        for metric, moment in ((ended, run.ended_at), (broke, run.broke_at)):
            if moment:
                metric.add_metric([job.value], moment.timestamp())
    yield from (runs, of_all, last, ended, broke)
