"""`flask keys …`: the keys of sealed columns."""

from collections.abc import Callable

import click

from app.actions import seal_keys
from app.actions.seal_keys import RowId
from app.cli.options import CommandGroup, json_option, print_json
from app.cli.progress import stages
from app.errors import Conflict
from app.models import Base
from app.models.sealed import Sealed, keyring
from app.transaction import transaction

keys_commands = CommandGroup("keys", help="The keys of sealed columns.")


@keys_commands.command("rotate")
@json_option
def rotate(*, as_json: bool) -> None:
    """Seal everything anew under the first key of VESTKA_SEAL_KEYS, and say which older ones may go.

    Killed in the middle it has lost nothing: run it again. Everybody else may go on meanwhile.
    """
    with stages() as tell:
        sealed_anew, broken = _renew_all(tell)
    with transaction():
        standing = seal_keys.retire_old()
    if as_json:
        print_json({"current": keyring().current_id, "sealed_anew": sealed_anew, "standing_under": standing,
                    "removable": [key_id for key_id, number in standing.items() if not number],
                    "broken": broken})  # fmt: skip
    else:
        _tell(sealed_anew, standing)
    if broken:
        raise Conflict(f"{len(broken)} values do not open, and stay as they are: {', '.join(broken[:20])}")


def _renew_all(tell: Callable[[str], None]) -> tuple[dict[str, int], list[str]]:
    """How many values of each column were sealed anew, and the places of those that do not open."""
    sealed_anew: dict[str, int] = {}
    broken: list[str] = []
    for table, value in seal_keys.renewable():
        name = f"{table.__tablename__}.{value.column}"
        tell(name)
        sealed_anew[name], unopened = _renew_column(table, value)
        broken += unopened
    return sealed_anew, broken


def _renew_column(table: type[Base], value: Sealed) -> tuple[int, list[str]]:
    number = 0
    broken: list[str] = []
    after: RowId | None = None
    while True:
        with transaction():
            renewed = seal_keys.renew_some(table, value, after=after)
        if renewed.last is None:
            return number, broken
        number, broken, after = number + renewed.number, broken + renewed.broken, renewed.last


def _tell(sealed_anew: dict[str, int], standing: dict[str, int]) -> None:
    for name, number in sealed_anew.items():
        click.echo(f"{name:40} {number:8}")
    for key_id, number in standing.items():
        click.echo(
            f"{number} values still stand under the key {key_id!r}: it has to stay."
            if number
            else f"Nothing stands under the key {key_id!r} any more: take it out of VESTKA_SEAL_KEYS, and destroy it "
            "once no backup from before is kept."
        )
