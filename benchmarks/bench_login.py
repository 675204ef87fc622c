"""What a log-in costs beside the one thing that must be dear in it: checking a password with argon2id.

The yardstick is one bare verification of the same password against the same hash. Both run in this process, in turns,
so that a busy machine slows both; a block is `ROUNDS` of each, and its ratio is that of its medians. Beside it, how
long asking for a new password takes for addresses that have an account and for others, which must not differ (A2).
"""

import re
import statistics
import time
from collections.abc import Callable

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select
from werkzeug.test import Client

from app.database import session
from app.extensions import limiter
from app.models import Account
from app.queries.accounts import by_email
from app.transaction import transaction
from benchmarks.world import introduce, invented_world, spread, table

PRISONERS, SPONSORS = 60, 200
BLOCKS, ROUNDS = 5, 12
PASSWORD = "only for the demo"  # noqa: S105 - everybody's in the demo, and printed there
VOLUNTEER = "volunteer.west@example.org"


class Page:
    """A browser that has opened a page with a form, and posts it."""

    def __init__(self, app: Flask, path: str) -> None:
        self.path, self.client, self.base = path, Client(app), f"http://{app.config['VESTKA'].public_host}"
        found = re.search(r'csrf_token"[^>]*value="([^"]+)"', self.client.get(path, base_url=self.base).text)
        if found is None:
            raise RuntimeError(f"no form at {path}")
        self.token = found.group(1)

    def post(self, **fields: str) -> None:
        """Post the form; RuntimeError unless it leads on."""
        answer = self.client.post(self.path, data=fields | {"csrf_token": self.token}, base_url=self.base)
        if answer.status_code != 302:
            raise RuntimeError(f"{self.path} answered {answer.status}")


def seconds(act: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def log_ins(app: Flask) -> tuple[list[float], list[float]]:
    """For each block the medians of a bare verification and of a log-in, in milliseconds."""
    with app.app_context():
        account = by_email(VOLUNTEER)
        stored = account.password_hash if account else ""
    hasher = PasswordHasher()
    bare: list[float] = []
    whole: list[float] = []
    for _ in range(BLOCKS):
        pages = [Page(app, "/login") for _ in range(ROUNDS)]
        pairs = [
            (
                seconds(lambda: hasher.verify(stored, PASSWORD)),
                seconds(lambda page=page: page.post(email=VOLUNTEER, password=PASSWORD)),  # type: ignore[misc]
            )
            for page in pages
        ]
        bare.append(1000 * statistics.median(first for first, _ in pairs))
        whole.append(1000 * statistics.median(second for _, second in pairs))
    return bare, whole


def resets(app: Flask) -> tuple[list[float], list[float]]:
    """For each block the medians of asking for a new password with a known and an unknown address, in milliseconds."""
    page = Page(app, "/reset")
    known: list[float] = []
    unknown: list[float] = []
    number = 0
    for _ in range(BLOCKS):
        pairs = []
        for _round in range(ROUNDS):
            number += 1
            first = seconds(lambda: page.post(email=f"sponsor.{number}@example.org"))  # noqa: B023 - called at once
            pairs.append((first, seconds(lambda: page.post(email=f"nobody.{number}@example.net"))))  # noqa: B023
        known.append(1000 * statistics.median(first for first, _ in pairs))
        unknown.append(1000 * statistics.median(second for _, second in pairs))
    return known, unknown


def main() -> None:
    """Print both tables."""
    introduce(f"A log-in beside a bare verification; {BLOCKS} blocks of {ROUNDS}")
    with invented_world(prisoners=PRISONERS, sponsors=SPONSORS) as app:
        limiter.enabled = False  # all of this comes from one network
        rename_sponsors(app)
        log_ins(app)  # warm
        for title, (first, second) in (
            ("bare verification | whole log-in", log_ins(app)),
            ("known address | unknown address", resets(app)),
        ):
            ratios = [b / a for a, b in zip(first, second, strict=True)]
            table([*title.split(" | "), "ratio"], [[f"{spread(first)} ms", f"{spread(second)} ms", spread(ratios)]])
            print()


def rename_sponsors(app: Flask) -> None:
    """Give accounts addresses that can be counted through."""
    with app.app_context(), transaction():
        everybody = [account for account in session().scalars(select(Account)) if ".west@" not in account.email]
        for number, account in enumerate(everybody, start=1):
            account.email = f"sponsor.{number}@example.org"


if __name__ == "__main__":
    main()
