"""`flask mail …`: hand over what is due, say how the outbox stands and whether it runs, settle what is in doubt."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from app.actions import mails as actions
from app.cli.options import CommandGroup, json_option, now_option, print_json
from app.clock import now
from app.errors import NotAllowed
from app.mail.delivery import deliver_due, paused_until
from app.permissions import Viewer
from app.queries import accounts, mail_health, mails
from app.queries.mail_health import Health
from app.transaction import transaction

mail_commands = CommandGroup("mail", help="The outgoing mails.")


@mail_commands.command()
@click.option("--limit", type=click.IntRange(min=1), help="Try no more mails than this.")
@now_option
@json_option
def deliver(*, limit: int | None, as_json: bool) -> None:
    """Hand over the mails that are due, and print what became of them."""
    counts = asdict(deliver_due(limit))
    pause = paused_until()
    if pause is not None:
        click.echo(f"Our mail server cannot be used: the queue is paused until {pause.isoformat()}.", err=True)
    if as_json:
        print_json(counts)
        return
    for state, count in counts.items():
        click.echo(f"{state:12} {count:8}")


@mail_commands.command()
@now_option
@json_option
def status(*, as_json: bool) -> None:
    """Print how many mails stand in each state; without --json also the ids of those in doubt."""
    counts = {state.value: count for state, count in mails.counts().items()}
    if as_json:
        print_json(counts)
        return
    for state, count in counts.items():
        click.echo(f"{state:12} {count:8}")
    for mail in mails.in_doubt():
        click.echo(f"in doubt: {mail.id}  {mail.message}  {mail.reason}")


@mail_commands.command("health")
@now_option
@json_option
def health_command(*, as_json: bool) -> None:
    """Say whether mail runs as it should; exit 1 where a person has to look."""
    health = mail_health.health()
    answer = _health(health)
    if as_json:
        print_json(answer)
    else:
        for name, value in answer.items():
            click.echo(f"{name:18} {value}")
    if health.signs.problems:
        raise click.exceptions.Exit(1)


def _health(health: Health) -> dict[str, Any]:
    signs = health.signs
    return {
        "healthy": not signs.problems,
        "problems": [problem.value for problem in signs.problems],
        "states": {state.value: count for state, count in health.states.items()},
        "oldest_due_at": _iso(signs.oldest_due_at),
        "paused_until": _iso(signs.paused_until),
        "paused_why": signs.paused_why,
        "failures": dict(health.failures),
        "refused_addresses": health.refused_addresses,
        "worker_seen_at": _iso(signs.worker_seen_at),
        "scheduled_at": _iso(signs.scheduled_at),
        "jobs": {
            job.value: {
                "ended_at": _iso(run.ended_at),
                "broke_at": _iso(run.broke_at),
                "seconds": round(run.seconds, 3),
                "found": run.found,
            }
            for job, run in sorted(signs.jobs.items())
        },
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


@mail_commands.command()
@click.argument("mail_id", metavar="ID")
@click.argument("finding", metavar="sent|requeue", type=click.Choice([finding.value for finding in actions.Finding]))
@click.option("--by", "email", metavar="EMAIL", help="Who found it out, for the audit trail; nobody by default.")
@now_option
def resolve(mail_id: str, finding: str, *, email: str | None) -> None:
    """Settle the mail ID that is in doubt: it went (sent), or it is to be sent again (requeue)."""
    found = actions.Finding(finding)
    by = _settler(email) if email is not None else None
    with transaction():
        if by is not None:
            actions.resolve(mail_id=mail_id, finding=found, by=by, seen_due_at=None)
        else:
            actions.resolve_unsigned(mail_id=mail_id, finding=found)
    click.echo(f"{mail_id} settled at {now().isoformat(timespec='seconds')}: {finding}", err=True)


def _settler(email: str) -> Viewer:
    account = accounts.by_email(email)
    if account is None or account.disabled_at:
        raise NotAllowed("Nobody who may settle mails has this address.")
    return accounts.viewer_of(account)
