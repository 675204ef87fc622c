"""`flask prisoners event`: what happened to somebody, recorded once with all that follows (docs/commands.md)."""

from datetime import date, datetime
from typing import Any

import click
from flask.cli import with_appcontext

from app.actions import events
from app.actions.events import EventOrder, Recorded
from app.cli.options import json_option, now_option, print_json
from app.cli.showing import choice
from app.clock import today
from app.errors import NotAllowed
from app.permissions import Viewer
from app.queries import accounts
from app.transaction import transaction
from app.vocabulary import EventType


@click.command("event")
@click.argument("prisoner_id", metavar="ID")
@click.option("--type", "kind", required=True, type=choice(EventType), help="What happened.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="D", help="The day; today by default.")
@click.option("--facility", metavar="F", help="The id of the facility that a transfer or a return led to.")
@click.option("--source", default="coordinator", show_default=True, metavar="TEXT", help="Where it is known from.")
@click.option("--by", "email", required=True, metavar="EMAIL", help="The coordinator who records it.")
@now_option
@json_option
@with_appcontext
def event_command(
    prisoner_id: str,
    *,
    kind: str,
    day: datetime | None,
    facility: str | None,
    source: str,
    email: str,
    as_json: bool,
) -> None:
    """Record what happened to prisoner ID, move their matches, stop waiting mails and tell their sponsors."""
    order = EventOrder(
        prisoner_id=prisoner_id,
        type=EventType(kind),
        day=_day(day),
        source=source,
        facility_id=facility or None,
    )
    by = _recorder(email)
    with transaction():
        answer = _answer(events.record(order, by=by))
    if as_json:
        print_json(answer)
        return
    click.echo(
        f"Recorded. {answer['ended']} matches ended, {answer['withdrawn']} proposals and offers withdrawn, "
        f"{answer['active_again']} matches active again, {answer['told']} sponsors told, "
        f"{answer['mails_stopped']} mails stopped."
    )


def _day(given: datetime | None) -> date:
    return given.date() if given else today()


def _recorder(email: str) -> Viewer:
    account = accounts.by_email(email)
    if account is None or account.disabled_at:
        raise NotAllowed("Nobody who may record events has this address.")
    return accounts.viewer_of(account)


def _answer(recorded: Recorded) -> dict[str, Any]:
    event, effects = recorded.event, recorded.effects
    return {
        "event": event.id,
        "prisoner": event.prisoner_id,
        "type": event.type.value,
        "date": event.happened_on.isoformat(),
        "ended": effects.ended,
        "withdrawn": effects.withdrawn,
        "active_again": effects.begun_again,
        "told": effects.told,
        "mails_stopped": effects.mails_stopped,
    }
