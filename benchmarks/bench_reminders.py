"""What it costs to schedule reminders, for each sponsor, at three sizes: time must stay flat, and memory small.

The world is written straight into the tables, by another process: everybody lives by UTC and has one match, whose
letters (one every fifteen days) fall due on one of fifteen days; ten share a prisoner, some of whom have a birthday
ahead. The first round queues what is due; the second finds all of it queued, as the worker's hourly rounds do.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import func, insert, select

from app import create_app
from app.actions.reminders import Round
from app.cli.db import alembic_config
from app.clock import at
from app.database import session
from app.models import Account, AddressCheck, Base, Facility, Match, Prisoner, Sponsor
from app.partial_date import PartialDate
from app.transaction import transaction
from benchmarks.world import environment, introduce, table
from config import Settings

SIZES = (20_000, 60_000, 200_000)
EIGHT = datetime(2026, 6, 22, 8, 30, tzinfo=UTC)
RHYTHM_DAYS = 15
SHARED_BY = 10
AT_ONCE = 5_000
KILOBYTE = 1024


def _id(kind: str, number: int) -> str:
    """Spread like the random ones, so that pages by id meet everybody in no order."""
    return f"{kind}{(number * 7_919_993) % 10**9:015d}"


def _account(number: int) -> dict[str, Any]:
    address = Account.email.columns(f"s{number}@example.net", _id("a", number))
    return address | {
        "id": _id("a", number), "password_hash": "none", "time_zone": "UTC", "interface_language": "en",
        "created_at": EIGHT - timedelta(days=90), "email_confirmed_at": EIGHT,
    }  # fmt: skip


def _sponsor(number: int) -> dict[str, Any]:
    return {
        "id": _id("s", number), "account_id": _id("a", number), "name": "Invented", "search_key": "invented",
        "role": "volunteer", "support_kind": "letter_writer", "country": "DE", "profession_group": "arts",
        "capacity": 1, "letters_a_month": 2, "vetting_state": "vetted", "vetted_at": EIGHT,
        "vetted_by": _id("a", 0), "created_at": EIGHT - timedelta(days=90), "last_sign_on": EIGHT.date(), "version": 1,
        "quiet_days": [], "reminders_off": [],
    }  # fmt: skip


def _prisoner(number: int) -> dict[str, Any]:
    return {
        "id": _id("p", number), "name": "Invented", "search_key": "invented", "country": "BY",
        "birth_date": PartialDate(1980, 1 + number % 12, 1 + number % 28), "detention_status": "convicted",
        "mail_access": "open", "facility_id": "facility", "reads": [], "articles": [], "godparent_seats": 0,
        "letter_writer_seats": SHARED_BY, "created_at": EIGHT, "version": 1,
    }  # fmt: skip


def _check(number: int) -> dict[str, Any]:
    return {
        "prisoner_id": _id("p", number), "facility_id": "facility", "street": "Invented 1", "postcode": "000000",
        "verified_on": EIGHT.date(), "source": "invented", "recorded_at": EIGHT,
    }  # fmt: skip


def _match(number: int) -> dict[str, Any]:
    return {
        "id": _id("m", number), "sponsor_id": _id("s", number), "prisoner_id": _id("p", number // SHARED_BY),
        "kind": "letter_writer", "state": "active", "tier": 3, "fit": 50, "terms": {}, "version": 1,
        "proposed_at": EIGHT - timedelta(days=40), "answered_at": EIGHT - timedelta(days=15 + number % RHYTHM_DAYS),
    }  # fmt: skip


def _plant(sponsors: int) -> None:
    prisoners = -(-sponsors // SHARED_BY)
    place = {"id": "facility", "country": "BY", "kind": "penal_colony", "title": "Invented", "languages": []}
    _insert(Facility, iter([place | {"street": "Invented 1", "postcode": "000000"}]))
    for model, make, number in (
        (Account, _account, sponsors), (Sponsor, _sponsor, sponsors), (Prisoner, _prisoner, prisoners),
        (AddressCheck, _check, prisoners), (Match, _match, sponsors),
    ):  # fmt: skip
        _insert(model, map(make, range(number)))


def _insert(model: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(rows, AT_ONCE)):
        with transaction():
            session().execute(insert(model), some)


def _round() -> tuple[float, Round]:
    """A whole round, and how many seconds of CPU it took."""
    begun, scheduling = time.process_time(), Round()
    while not scheduling.is_over:
        with transaction():
            scheduling.take_batch()
    return time.process_time() - begun, scheduling


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTE


def plant(sponsors: int, folder: Path) -> None:
    """Write the world, in a process of its own: what that takes of memory does not count."""
    with _world(folder):
        command.upgrade(alembic_config(), "head")
        _plant(sponsors)


def measure(folder: Path) -> dict[str, Any]:
    """Two rounds in a world. `peak` is what they added to the most memory that the process held before them."""
    with _world(folder):
        session().execute(select(func.count()).select_from(Match))
        before = _peak()
        first, queueing = _round()
        second, finding = _round()
    return {
        "first": first, "second": second, "queued": queueing.queued, "already": finding.already,
        "peak": _peak() - before, "held": _peak(),
    }  # fmt: skip


@contextmanager
def _world(folder: Path) -> Iterator[None]:
    app = create_app(Settings.from_environment(environment(folder)))
    with app.app_context(), at(EIGHT):
        yield


def _ask(*arguments: str) -> str:
    """What this program prints when it is asked so, in a process of its own."""
    command_line = [sys.executable, "-m", "benchmarks.bench_reminders", *arguments]
    return subprocess.run(command_line, check=True, capture_output=True, text=True).stdout  # noqa: S603 - ourselves


def _measured(size: int) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="vestka-bench-") as folder:
        _ask("plant", folder, str(size))
        found = json.loads(_ask("measure", folder).splitlines()[-1])
    ms = (f"{found[which] * 1000 / size:.3f}" for which in ("first", "second"))
    memory = (f"{found[which] / KILOBYTE**2:.0f}" for which in ("peak", "held"))
    return [f"{size:,}", f"{found['queued']:,}", *ms, *memory]


def main() -> None:
    """Print what a sponsor costs at each size, and the memory that it takes."""
    what, *rest = sys.argv[1:] or ["compare"]
    if what == "plant":
        plant(int(rest[1]), Path(rest[0]))
    elif what == "measure":
        print(json.dumps(measure(Path(rest[0]))))
    else:
        introduce("Scheduling reminders: two rounds at each size, each size in a process of its own")
        heads = ["CPU ms a sponsor, first round", "second round", "MB added by the rounds", "MB in all"]
        table(["sponsors", "queued", *heads], [_measured(size) for size in SIZES])


if __name__ == "__main__":
    main()
