"""What an import did or would do, for the person at the terminal.

Rows are told by their numbers, never by names: what is printed here ends in terminal histories and log files.
"""

from collections.abc import Sequence
from typing import Final

import click

from app.actions.imports import ImportOrder
from app.importing import Diff, DiffRow, Outcome, Quarantined, RowProblem, Staged

SHOWN: Final = 10
"""How many rows of a kind are printed; `--json` gives all errors."""


def print_warnings(staged: Staged) -> None:
    """Say on stderr which values were left out though their rows were taken."""
    for line in _first([_problem(warning) for warning in staged.warnings], what="warnings"):
        click.echo(f"{staged.filename}: {line}", err=True)


def print_report(order: ImportOrder, diff: Diff, *, applied: bool) -> None:
    """Print the counts, and the first rows that broke, wait for a person or change something."""
    staged = order.staged
    click.echo(f"{staged.filename}: {staged.shape}, {staged.source} as of {staged.as_of}, held in {order.country}")
    for name, number in _counts(diff).items():
        click.echo(f"{number:>8,}  {name}")
    _print_rows("Errors", [_problem(error) for error in diff.errors])
    _print_rows("Waiting for a person to decide", [_clash(row) for row in diff.quarantined if not row.decided])
    _print_rows("Decided before by a person", [_clash(row) for row in diff.quarantined if row.decided])
    _print_rows("Changes", [_change(row) for row in diff.of(Outcome.CHANGED)])
    click.echo("Applied." if applied else "A dry run: nothing was written. Add --apply to write.")


def _counts(diff: Diff) -> dict[str, int]:
    counts = diff.counts()
    skipped = counts["skipped"]
    assert isinstance(skipped, dict)
    numbers = {name: number for name, number in counts.items() if isinstance(number, int)}
    told = {f"skipped: {name.replace('_', ' ')}": number for name, number in skipped.items()}
    return numbers | told | {"errors": len(diff.errors)}


def _print_rows(title: str, lines: Sequence[str]) -> None:
    if lines:
        click.echo(f"{title}:")
    for line in _first(lines, what="rows"):
        click.echo(f"  {line}")


def _first(lines: Sequence[str], *, what: str) -> list[str]:
    left = len(lines) - SHOWN
    return [*lines[:SHOWN], *([f"and {left:,} more {what}"] if left > 0 else [])]


def _problem(problem: RowProblem) -> str:
    place = f"row {problem.row}" if problem.row else "heading line"
    return f"{place}, column “{problem.column}”: {problem.message}" if problem.column else f"{place}: {problem.message}"


def _clash(row: Quarantined) -> str:
    others = f", as in row {', '.join(map(str, row.with_rows))}" if row.with_rows else ""
    return f"row {row.person.row}: {row.clash.replace('_', ' ')}{others}"


def _change(row: DiffRow) -> str:
    return f"row {row.person.row}: {', '.join(change.field.replace('_', ' ') for change in row.changes)}"
