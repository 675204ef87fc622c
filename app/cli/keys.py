"""`flask keys …`: the keys of sealed columns, and what their blind indexes are made with."""

from collections.abc import Callable, Iterable
from typing import Any

import click

from app.actions import blind_indexes, seal_keys
from app.actions.seal_keys import Renewed, RowId
from app.cli.options import CommandGroup, json_option, print_json
from app.cli.progress import stages
from app.errors import Conflict
from app.models import Base
from app.models.sealed import Sealed, keyring
from app.transaction import transaction

keys_commands = CommandGroup("keys", help="The keys of sealed columns.")

Renewing = Callable[..., Renewed]
"""`seal_keys.renew_some`, or `blind_indexes.renew_some`."""


@keys_commands.command("rotate")
@json_option
def rotate(*, as_json: bool) -> None:
    """Seal everything anew under the first key of VESTKA_SEAL_KEYS, and say which older ones may go.

    Killed in the middle it has lost nothing: run it again. Everybody else may go on meanwhile.
    """
    with stages() as tell:
        sealed_anew, broken = _renew_all(seal_keys.renewable(), seal_keys.renew_some, tell)
    with transaction():
        standing = seal_keys.retire_old()
    if as_json:
        print_json({"current": keyring().current_id, "sealed_anew": sealed_anew, "standing_under": standing,
                    "removable": [key_id for key_id, number in standing.items() if not number],
                    "broken": broken})  # fmt: skip
    else:
        _tell(sealed_anew, standing)
    _complain_of(broken)


@keys_commands.command("reindex")
@json_option
def reindex(*, as_json: bool) -> None:
    """Write what addresses and facts are found by anew, under another VESTKA_SECRET_KEY than before.

    Stop every other program first, and set VESTKA_NEW_SECRET=1 for this command alone. Killed in the middle it is run
    again.
    """
    with stages() as tell:
        indexed_anew, broken = _renew_all(blind_indexes.indexed(), blind_indexes.renew_some, tell)
    if as_json:
        print_json({"indexed_anew": indexed_anew, "broken": broken})
    else:
        _tell(indexed_anew, {})
    _complain_of(broken)


def _complain_of(broken: list[str]) -> None:
    if broken:
        raise Conflict(f"{len(broken)} values do not open, and stay as they are: {', '.join(broken[:20])}")


def _renew_all(
    columns: Iterable[tuple[type[Base], Sealed[Any]]], renew_some: Renewing, tell: Callable[[str], None]
) -> tuple[dict[str, int], list[str]]:
    """How many values of each column were written anew, and the places of those that do not open."""
    written_anew: dict[str, int] = {}
    broken: list[str] = []
    for table, value in columns:
        name = f"{table.__tablename__}.{value.column}"
        tell(name)
        written_anew[name], unopened = _renew_column(table, value, renew_some)
        broken += unopened
    return written_anew, broken


def _renew_column(table: type[Base], value: Sealed[Any], renew_some: Renewing) -> tuple[int, list[str]]:
    number = 0
    broken: list[str] = []
    after: RowId | None = None
    while True:
        with transaction():
            renewed = renew_some(table, value, after=after)
        if renewed.last is None:
            return number, broken
        number, broken, after = number + renewed.number, broken + renewed.broken, renewed.last


def _tell(written_anew: dict[str, int], standing: dict[str, int]) -> None:
    for name, number in written_anew.items():
        click.echo(f"{name:40} {number:8}")
    for key_id, number in standing.items():
        click.echo(
            f"{number} values still stand under the key {key_id!r}: it has to stay."
            if number
            else f"Nothing stands under the key {key_id!r} any more: take it out of VESTKA_SEAL_KEYS, and destroy it "
            "once no backup from before is kept."
        )
