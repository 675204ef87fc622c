"""`flask mail …`: hand over what is due, say how the outbox stands and runs, settle what is in doubt, read bounces."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from app import bounces
from app.actions import mails as actions
from app.actions import suppressions as lifting
from app.actions.bounces import COUNTED, take
from app.cli.options import CommandGroup, json_option, now_option, print_json
from app.clock import now
from app.errors import NotAllowed
from app.mail.delivery import deliver_due, paused_until
from app.permissions import Viewer
from app.queries import accounts, mail_health, mails, suppressions
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
        "bounces_read_at": _iso(signs.bounces_read_at),
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


@mail_commands.command("bounces")
@click.argument("path", type=click.Path(exists=True, readable=True, path_type=Path))
@now_option
@json_option
def read_bounces(*, path: Path, as_json: bool) -> None:
    """Read the mails that came back, from PATH: an mbox file, a Maildir, a folder of mails or one mail.

    Nothing there is changed, and reading it again changes nothing. The worker reads by itself what
    VESTKA_MAIL_BOUNCES_PATH names.
    """
    counts = dict.fromkeys(COUNTED, 0)
    for found in bounces.messages(path):
        if isinstance(found, bounces.Unreadable):
            counts["unreadable"] += 1
            click.echo(f"{found.name} cannot be read: {found.why}", err=True)
            continue
        counts["messages"] += 1
        counts[_take(found)] += 1
    if as_json:
        print_json(counts)
        return
    for name, count in counts.items():
        click.echo(f"{name:12} {count:8}")


def _take(message: bytes) -> str:
    report = bounces.read(message)
    if report is None:
        return "other"
    with transaction():
        return take(report=report, by=None)


@mail_commands.group(cls=CommandGroup)
def suppressed() -> None:
    """The addresses that get no mail any more."""


@suppressed.command("list")
@json_option
def list_suppressed(*, as_json: bool) -> None:
    """Print each suppressed address, newest first: why, since when, and whose mail it was. Never the address itself."""
    found = suppressions.everywhere()
    if as_json:
        print_json({"suppressed": [asdict(one) | {"suppressed_at": one.suppressed_at.isoformat()} for one in found]})
        return
    for one in found:
        since = one.suppressed_at.isoformat(timespec="seconds")
        click.echo(f"{one.reason:18}  {since}  mail {one.mail_id or 'erased'}  account {one.account_id or 'erased'}")


@suppressed.command()
@click.argument("email")
@now_option
def lift(*, email: str) -> None:
    """Let mail go to the address EMAIL again."""
    with transaction():
        lifting.lift(email=email, by=None)
    click.echo("Mail goes to this address again.", err=True)
