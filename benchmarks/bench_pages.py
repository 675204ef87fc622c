"""What a page costs beside the least that Flask can do.

The yardstick is a bare Flask route that reads one row from the same database file. Both are called as WSGI
applications in this process, in turns, so that a busy machine slows both; what counts is CPU time, as a ratio. A block
is `ROUNDS` requests of each; the ratio of a block is that of its medians.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask
from sqlalchemy import Engine, create_engine, event, text
from werkzeug.test import Client, EnvironBuilder, TestResponse, run_wsgi_app

from app.clock import now
from app.demo.logins import seed_of_app
from app.extensions import db
from app.one_time_codes import code_at, step_at
from benchmarks.world import introduce, invented_world, spread, table

PRISONERS, SPONSORS = 1_400, 3_000
BLOCKS, ROUNDS, WARMING = 5, 40, 10
PASSWORD: Final = "only for the demo"  # noqa: S105 - everybody's in the demo, and printed there
VOLUNTEER, COORDINATOR = "volunteer.west@example.org", "coordinator.west@example.org"
PAGES: Final[Mapping[str, tuple[str, str | None]]] = {
    "home": ("/", None),
    "people": ("/people", None),
    "sponsor's home": ("/home", VOLUNTEER),
    "desk": ("/desk", COORDINATOR),
    "proposals": ("/desk/proposals", COORDINATOR),
    "prisoners": ("/desk/prisoners", COORDINATOR),
}


@dataclass(frozen=True)
class Target:
    """One request that can be made again and again."""

    app: Flask
    environ: Mapping[str, Any]

    def request(self) -> float:
        """Make the request; gives its CPU time in milliseconds. Raises RuntimeError for any answer but 200."""
        environ = dict(self.environ)
        begun = time.process_time_ns()
        chunks, status, _headers = run_wsgi_app(self.app, environ, buffered=True)
        body = b"".join(chunks)
        spent = time.process_time_ns() - begun
        if not status.startswith("200") or not body:
            raise RuntimeError(f"{environ['PATH_INFO']} answered {status}")
        return spent / 1e6


def bare_app(engine: Engine) -> Flask:
    """Flask with one route and one query."""
    app = Flask("bare")

    @app.get("/")
    def one_row() -> str:
        with engine.connect() as connection:
            return str(connection.execute(text("SELECT name FROM prisoner LIMIT 1")).scalar())

    return app


def target(app: Flask, path: str, *, cookie: str = "", host: str = "localhost") -> Target:
    builder = EnvironBuilder(path=path, base_url=f"http://{host}", headers=[("Cookie", cookie)] if cookie else [])
    return Target(app, builder.get_environ())


def log_in(app: Flask, email: str, host: str) -> str:
    """The cookie of somebody who has just logged in through the page."""
    client, base = Client(app), f"http://{host}"

    def give(**fields: str) -> TestResponse:
        page = client.get("/login", base_url=base).text
        token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        return client.post("/login", data=fields | {"csrf_token": token}, base_url=base)

    answer = give(email=email, password=PASSWORD)
    if answer.location == "/login":  # of staff a code is due
        answer = give(code=code_at(seed_of_app(email), step_at(now())))
    if answer.status_code != 302:
        raise RuntimeError(f"{email} could not log in: {answer.status}")
    cookie = client.get_cookie("vestka", domain=host.partition(":")[0])
    if cookie is None:
        raise RuntimeError("no session cookie was set")
    return f"vestka={cookie.value}"


def queries_of(act: Callable[[], object], engine: Engine) -> int:
    """How many statements `act` sends to the database."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    act()
    event.remove(engine, "before_cursor_execute", note)
    return len(sent)


def measure(targets: Mapping[str, Target]) -> dict[str, float]:
    """The median CPU time of each target in one block, in milliseconds; the targets take turns."""
    times: dict[str, list[float]] = {name: [] for name in targets}
    for _ in range(ROUNDS):
        for name, one in targets.items():
            times[name].append(one.request())
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> None:
    """Print a table of pages: queries, CPU time, and the ratio to the bare route."""
    introduce(f"CPU time of pages at {PRISONERS:,} prisoners and {SPONSORS:,} sponsors; {BLOCKS} blocks of {ROUNDS}")
    with invented_world(prisoners=PRISONERS, sponsors=SPONSORS) as app:
        with app.app_context():
            url, engine = db.engine.url, db.engine
        bare_engine = create_engine(url)
        host = app.config["VESTKA"].public_host
        cookies = {email: log_in(app, email, host) for email in (VOLUNTEER, COORDINATOR)}
        targets: dict[str, Target] = {"bare": target(bare_app(bare_engine), "/")}
        targets |= {
            name: target(app, path, cookie=cookies[who] if who else "", host=host)
            for name, (path, who) in PAGES.items()
        }
        for _ in range(WARMING):
            for one in targets.values():
                one.request()
        counts = {name: queries_of(one.request, engine) for name, one in targets.items() if name != "bare"}
        blocks = [measure(targets) for _ in range(BLOCKS)]
        bare_engine.dispose()
    rows = [
        [
            name,
            counts.get(name, 1),
            spread([block[name] for block in blocks]),
            spread([block[name] / block["bare"] for block in blocks], ".1f"),
        ]
        for name in targets
    ]
    table(["page", "queries", "CPU ms a request: median (least–greatest block)", "× bare route"], rows)


if __name__ == "__main__":
    main()
