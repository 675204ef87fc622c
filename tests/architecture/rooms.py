"""Who may import whom: the table, and the one rule that reads it.

A key names a room, or one module in it where that module may do more than its room. Rooms stand under `app`; `config`
and `create_app` are doors to what stands at the top. The standard library is open to all.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.architecture.source import PACKAGE, Import, Source

WORDS = frozenset(
    {"audit_words", "contact_words", "partial_date", "reminder_words", "task_words", "vocabulary", "watch_words"}
)
"""Values that every room may speak in."""

GROUND = frozenset(
    {
        "addresses",
        "attempts",
        "browsers",
        "cells",
        "clock",
        "detaining",
        "errors",
        "keys",
        "official_addresses",
        "one_time_codes",
        "passwords",
        "permissions",
        "placeholders",
        "places",
        "reading",
        "retention",
        "search_key",
        "transitions",
    }
)
"""Small pure modules that every room above the tables may stand on."""

PACKAGES = frozenset({"bounces", "importing", "letters", "matching", "pictures", "reminders"})
"""The pure packages: what the field knows, without Flask, without SQLAlchemy, and without each other."""


@dataclass(frozen=True)
class Room:
    """What one room may import: other rooms (or single modules in them), and libraries."""

    rooms: frozenset[str] = frozenset()
    libraries: frozenset[str] = frozenset()

    def and_also(self, *, rooms: str = "", libraries: str = "") -> "Room":
        """This room with more doors."""
        return Room(self.rooms | set(rooms.split()), self.libraries | set(libraries.split()))


def _pure(rooms: str = "", libraries: str = "") -> Room:
    return Room(WORDS | set(rooms.split()), frozenset(libraries.split()))


def _room(rooms: str = "", libraries: str = "") -> Room:
    return _pure(rooms, libraries).and_also(rooms=" ".join(GROUND))


ALL_PACKAGES = " ".join(PACKAGES)
QUERIES = _room(f"{ALL_PACKAGES} database models", "sqlalchemy")
MAIL = _room(
    "database extensions models queries reminders settings",
    "css_inline flask flask_babel flask_mail sqlalchemy structlog",
)
FRONT = _room("actions extensions queries settings transaction", "flask flask_babel structlog")
# The web names records in its hints (docs/decisions/0004), but holds neither the session nor a query.
WEB = FRONT.and_also(rooms="models", libraries="babel email_validator flask_login flask_wtf werkzeug wtforms")
COMMANDS = FRONT.and_also(
    rooms=f"{ALL_PACKAGES} database demo mail.delivery", libraries="alembic click sqlalchemy"
)  # whose failures become one line

ROOMS: dict[str, Room] = {
    # Words, ground and pure packages. A failure is a word too, for whoever can fail.
    "vocabulary": Room(),
    "audit_words": Room(),
    "contact_words": Room(),
    "task_words": Room(),
    "reminder_words": Room(),
    "watch_words": Room(),
    "partial_date": Room(),
    "errors": _pure(),
    "clock": _pure(),
    "keys": _pure(),
    "sealing": _pure("errors", "cryptography"),
    "attempts": _pure(),
    "browsers": _pure(),
    "permissions": _pure(),
    "placeholders": _pure("errors"),
    "places": _pure(libraries="babel"),
    "reading": _pure(),
    "retention": _pure(),
    "cells": _pure(),
    "detaining": _pure(),
    "search_key": _pure(),
    "common_passwords": _pure(libraries="zxcvbn"),
    "one_time_codes": _pure(libraries="pyotp segno"),
    "passwords": _pure("common_passwords errors", "argon2"),
    "addresses": _pure("errors", "email_validator"),
    "official_addresses": _pure("addresses errors"),
    "transitions": _pure("errors"),
    "matching": _pure("errors", "numpy ortools"),
    "letters": _pure("detaining errors placeholders", "typst"),
    "reminders": _pure("errors"),
    "importing": _pure("cells errors"),
    "bounces": _pure(),
    "pictures": _pure("errors", "PIL"),
    # What holds the house up: the session, the settings, the one commit.
    "extensions": _pure(
        libraries="flask_babel flask_bootstrap flask_limiter flask_login flask_mail flask_sqlalchemy_lite flask_wtf"
    ),
    "database": _pure("extensions", "sqlalchemy"),
    "settings": _pure("config", "flask"),
    "logs": _pure("settings", "flask structlog"),
    "transaction": _pure("database errors", "blinker sqlalchemy"),
    "limiting": _pure("clock database keys models settings transaction", "limits sqlalchemy"),
    # Tables, nouns, mails, verbs.
    "models": _pure(libraries="sqlalchemy"),
    "models.sealed": _pure("keys sealing settings", "sqlalchemy"),  # opens and seals with the site's keys
    "queries": QUERIES,
    "queries.mail_health": QUERIES.and_also(rooms="settings"),  # knows whether the worker is to read bounces
    "queries.reading": QUERIES.and_also(rooms="settings"),  # knows how large the site lets the budget be
    "queries.mailed_links": QUERIES.and_also(rooms="settings"),  # knows our own links by their signature
    "queries.return_paths": QUERIES.and_also(rooms="settings"),  # knows our own mails by their return path
    "queries.fingerprints": QUERIES.and_also(rooms="settings"),  # keeps what a run saw under the site's secret
    "queries.suppressions": QUERIES.and_also(rooms="settings"),  # knows addresses by their keyed digest
    "mail": MAIL,
    "mail.delivery": MAIL.and_also(rooms="transaction"),
    "actions": _room(
        f"{ALL_PACKAGES} database mail.gathering mail.occasions mail.outbox mail.suppressions models queries settings",
        "email_validator sqlalchemy structlog",
    ),
    # What an edited mail may hold, the mail room alone knows.
    "actions.texts": _room(f"{ALL_PACKAGES} database mail.texts models queries settings", "sqlalchemy"),
    "actions.seal_keys": _room("database models sealing", "sqlalchemy"),  # knows what stands under which key
    "actions.blind_indexes": _room("actions database models", "sqlalchemy"),  # knows whom the secret finds
    # The fronts, which nobody imports but the wiring.
    "web": WEB,
    "web.errorhandlers": WEB.and_also(libraries="sqlalchemy"),  # turns the database's failures into pages
    "web.coordinator.texts": WEB.and_also(rooms="mail.texts"),  # shows a mail before it is saved
    "web.account.privacy": WEB.and_also(rooms="database"),  # takes whoever erased themselves out of the file
    "web.coordinator.photos": WEB.and_also(rooms="pictures"),  # decoding belongs before the transaction
    "web.coordinator.photo_forms": WEB.and_also(rooms="pictures"),  # says why a picture is refused
    "web.public.metrics": WEB.and_also(libraries="prometheus_client"),
    "web.translating": WEB.and_also(libraries="jinja2 markupsafe"),  # says what `_` is in a template
    "web.account.second_factor": WEB.and_also(libraries="markupsafe"),  # its picture is markup that a library draws
    "jobs": FRONT.and_also(rooms="database mail.delivery", libraries="huey"),  # empties its log after a purge
    "jobs.bounces": FRONT.and_also(rooms="bounces", libraries="huey"),  # goes through the mailbox as the command does
    "jobs.queue": FRONT.and_also(rooms="config", libraries="huey psycopg sqlalchemy"),  # stands beside the database
    "cli": COMMANDS,
    "cli.worker": COMMANDS.and_also(rooms="jobs"),  # `flask worker` is how the jobs are run
    "cli.keys": COMMANDS.and_also(rooms="models"),  # walks from one sealed column to the next
    "demo": COMMANDS,
    "demo.drawings": COMMANDS.and_also(libraries="PIL"),  # draws what a coordinator would have put in
    # Plants two years of past in bulk, as the actions would have left them.
    "demo.planting": COMMANDS.and_also(
        rooms="mail.gathering mail.occasions mail.outbox models", libraries="numpy sqlalchemy"
    ),
    "migrations": _pure("database keys models official_addresses sealing settings", "alembic sqlalchemy"),
    "create_app": _pure(
        "actions.blind_indexes actions.seal_keys cli config database errors extensions jobs limiting logs settings "
        "transaction web",
        "flask sqlalchemy werkzeug",
    ),
}


def import_offences(source: Source, rooms: dict[str, Room] = ROOMS) -> Iterator[str]:
    """Each import of the file that the table does not allow."""
    here = _inside(source.module) or "create_app"
    key = _most_exact(here, rooms)
    if key is None:
        yield source.at(1, f"`{here}` is no room of the house: give it a line in tests/architecture/rooms.py")
        return
    for imported in source.imports():
        complaint = _complaint(here, imported, rooms[key])
        if complaint:
            yield source.at(imported.line, complaint)


def _complaint(here: str, imported: Import, room: Room) -> str | None:
    top = imported.name.partition(".")[0]
    if top in (PACKAGE, "config"):
        target = _inside(imported.name) or imported.name
        own = target.partition(".")[0] == here.partition(".")[0]
        return None if own or _opens(target, room.rooms) else f"`{here}` may not import `{target}`"
    if top in sys.stdlib_module_names or top in room.libraries:
        return None
    return f"`{here}` may not import the library `{top}`"


def _inside(name: str) -> str:
    """The dotted name without `app` in front."""
    return "" if name == PACKAGE else name.removeprefix(f"{PACKAGE}.")


def _opens(target: str, doors: frozenset[str]) -> bool:
    return any(target == door or target.startswith(f"{door}.") for door in doors)


def _most_exact(module: str, rooms: dict[str, Room]) -> str | None:
    """The longest key that stands for the module or for a package around it."""
    fitting = [key for key in rooms if module == key or module.startswith(f"{key}.")]
    return max(fitting, key=len, default=None)
