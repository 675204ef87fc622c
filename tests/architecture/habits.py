"""Rules about what a file does: who sees the request, who commits, who asks the time, who mails, how long it may be."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.architecture.source import Source

LONGEST_FILE = 300
LONGEST_FUNCTION = 40

REQUEST_NAMES = frozenset(
    {f"{module}.{name}" for module in ("flask", "flask.globals") for name in ("request", "session")}
    | {"flask_login.current_user", "flask_login.utils.current_user"}
)
ASKING_THE_TIME = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "time.time",
        "time.time_ns",
        "time.gmtime",
        "time.localtime",
        "sqlalchemy.func.now",
        "sqlalchemy.func.current_timestamp",
        "sqlalchemy.sql.func.now",
    }
)
MAILING = frozenset({"smtplib", "aiosmtplib", "flask_mail.Connection"})
POST_ROOM = frozenset({"app/mail/delivery.py", "app/mail/connection.py", "app/mail/talk.py"})
"""Delivery, and beside it the connection that delivery opens."""

HISTORY = "app/migrations/versions/"
"""A migration is a record of what was done in one go; cutting it into rooms would hide its order."""


def request_offences(source: Source) -> Iterator[str]:
    """Only `app/web/` sees the request, the session of a browser, or who is logged in."""
    if source.path.startswith("app/web/"):
        return
    for imported in source.imports():
        if imported.name in REQUEST_NAMES:
            yield source.at(imported.line, f"only app/web/ may see `{imported.name}`")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and source.full_name(node) in REQUEST_NAMES:
            yield source.at(node.lineno, f"only app/web/ may see `{source.full_name(node)}`")


def commit_places(source: Source) -> list[str]:
    """Where the file commits: a call of `commit`, or a `with ….begin()` that commits when it ends."""
    calls = [call for call in source.calls() if _method(call) == "commit"]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.With):
            calls += [
                item.context_expr
                for item in node.items
                if isinstance(item.context_expr, ast.Call) and _method(item.context_expr) == "begin"
            ]
    return [source.at(call.lineno, f"`{ast.unparse(call)}` commits") for call in calls]


def commit_offences(source: Source) -> Iterator[str]:
    """Only `app/transaction.py` commits."""
    if source.path != "app/transaction.py":
        yield from commit_places(source)


def time_offences(source: Source) -> Iterator[str]:
    """Only `app/clock.py` asks the system, or the database, for the time."""
    if source.path == "app/clock.py":
        return
    for call in source.calls():
        name = source.full_name(call.func)
        if name in ASKING_THE_TIME:
            yield source.at(call.lineno, f"`{name}` asks for the time: use app.clock")


def mailing_offences(source: Source) -> Iterator[str]:
    """Only delivery talks SMTP."""
    if source.path in POST_ROOM:
        return
    for imported in source.imports():
        if any(imported.name == name or imported.name.startswith(f"{name}.") for name in MAILING):
            yield source.at(imported.line, f"only app/mail/delivery.py may use `{imported.name}`")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and source.full_name(node) in MAILING:
            yield source.at(node.lineno, f"only app/mail/delivery.py may use `{source.full_name(node)}`")


def file_length_offences(path: str, text: str) -> Iterator[str]:
    """No file is longer than a person reads in one go."""
    lines = len(text.splitlines())
    if lines > LONGEST_FILE and not path.startswith(HISTORY):
        yield f"{path}: {lines} lines, more than {LONGEST_FILE}: split it by meaning"


def function_length_offences(source: Source) -> Iterator[str]:
    """No function is longer than a screen; decorators are not counted, the docstring is."""
    if source.path.startswith(HISTORY):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield source.at(node.lineno, f"`{node.name}` has {lines} lines, more than {LONGEST_FUNCTION}")


def is_written_by_hand(path: PurePosixPath) -> bool:
    """Whether the rule of length is for this file: code and templates, not translations or the one style sheet."""
    return path.suffix in {".py", ".html", ".txt", ".js"}


def _method(call: ast.Call) -> str | None:
    return call.func.attr if isinstance(call.func, ast.Attribute) else None
