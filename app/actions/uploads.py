"""Uploads: keeping a list until its decision, showing what it would change, applying exactly that.

Reading a list and comparing it take seconds and change nothing, so they stand outside the writing transaction. What
changes in between is met by the digest: only what was shown is applied.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, BinaryIO, Final, cast

from sqlalchemy import CursorResult, delete, update

from app.actions import imports
from app.actions.imports import ImportOrder
from app.actions.list_orders import ListOptions, order_of
from app.clock import now
from app.database import session
from app.errors import BadInput, NotAllowed, NotFound, StaleRecord
from app.importing import Diff, DiffRow, Outcome, Quarantined, RowProblem, UnknownHeadings, read_mapping
from app.importing.text import clipped, shown, unstorable
from app.models import ImportUpload, new_id
from app.permissions import Permission, Viewer, allowed
from app.queries import uploads

MOST_WAITING: Final = 5
"""Uploads that one person may have waiting: the database is no shelf for files."""

MOST_ROWS: Final = 15_000
"""Applied, so many new people keep other writers waiting for about as long as these are patient (`app.database`)."""

_FILENAME_WIDTH: Final = 200


@dataclass(frozen=True)
class Preview:
    """What applying an upload would do, row by row."""

    order: ImportOrder
    diff: Diff

    @cached_property
    def new(self) -> tuple[DiffRow, ...]:
        """People who would become records."""
        return tuple(self.diff.of(Outcome.NEW))

    @cached_property
    def changed(self) -> tuple[DiffRow, ...]:
        """Held people of whom the list says something new."""
        return tuple(self.diff.of(Outcome.CHANGED))

    @property
    def quarantined(self) -> tuple[Quarantined, ...]:
        """Rows that need a person; applying keeps them until one decides, and follows what was decided before."""
        return self.diff.quarantined

    @cached_property
    def waiting(self) -> int:
        """How many of the quarantined rows a person will have to decide about; of the others it is known, or nobody
        whom we hold can be meant.
        """
        return sum(len(matter) for matter in self.diff.matters)

    @property
    def errors(self) -> tuple[RowProblem, ...]:
        """Rows that cannot be read; applying leaves them out."""
        return self.diff.errors

    @property
    def warnings(self) -> tuple[RowProblem, ...]:
        """Values that were left out though their rows were taken; row 0 is the heading line."""
        return self.order.staged.warnings

    @cached_property
    def counts(self) -> Mapping[str, Any]:
        """The counts of `flask prisoners import --json`."""
        return self.diff.counts()

    @property
    def does_something(self) -> bool:
        """Whether applying would write anything, if only that known values still stand."""
        return bool(self.new or self.diff.matters) or any(self.diff.of_held())

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hex, over the list, how it is read, and every consequence: equal exactly when all are."""
        sum_of_all = hashlib.sha256()
        for line in self._lines():
            sum_of_all.update(line.encode("utf-8", "backslashreplace") + b"\n")
        return sum_of_all.hexdigest()

    def _lines(self) -> Iterator[str]:
        staged = self.order.staged
        yield repr(replace(self.order, staged=replace(staged, people=(), quarantined=(), errors=(), warnings=())))
        for row in self.diff.entries:
            yield repr((row.outcome, row.held and row.held.key, row.changes, row.person))
        for row in self.diff.settled:
            yield repr((row.held and row.held.key, row.changes, row.person))
        yield from map(repr, self.diff.quarantined)
        yield from map(repr, self.diff.errors)


@dataclass(frozen=True)
class Unexplained:
    """A list whose headings nobody knows, in their order: its owner has to say what they mean."""

    headings: tuple[str, ...]


def read_mapping_file(file: BinaryIO) -> dict[str, str]:
    """What a mapping file says: from headings to fields. Raises BadInput."""
    return read_mapping(file, filename="mapping")


def check(content: bytes, *, filename: str, options: ListOptions) -> None:
    """Make sure that a list can be kept: it is readable, but for headings that its owner can still explain.

    Raises BadInput naming the place, also for a list that is too long for the page; stores nothing.
    """
    if any(map(unstorable, options.mapping or ())):
        raise BadInput("mapping: a heading holds a character that cannot be kept")
    try:
        order = order_of(content, filename=filename, options=options)
    except UnknownHeadings:
        return
    if order.staged.rows > MOST_ROWS:
        raise BadInput(
            f"{order.staged.rows:,} rows are too many for this page, which takes {MOST_ROWS:,}: "
            "whoever runs the program imports longer lists with `flask prisoners import`, in a quiet hour"
        )


def keep(content: bytes, *, filename: str, options: ListOptions, by: Viewer) -> str:
    """Keep a list that `check` found good until its decision; gives the upload's id.

    Raises NotAllowed for somebody who may not import, and BadInput where too many of theirs wait already.
    """
    _check_may_import(by)
    forget_expired()
    if len(uploads.waiting(by)) >= MOST_WAITING:
        raise BadInput(f"{MOST_WAITING} of your lists wait already: apply one, or throw one away")
    upload = ImportUpload(
        id=new_id(),
        account_id=by.account_id,
        filename=clipped(shown(filename, limit=_FILENAME_WIDTH), _FILENAME_WIDTH),
        content=content,
        options=options.as_json(),
        uploaded_at=now(),
    )
    session().add(upload)
    return upload.id


def preview(upload: ImportUpload, *, by: Viewer) -> Preview | Unexplained:
    """What applying the upload would do now, or the headings that stand in the way; writes nothing.

    Raises NotAllowed for somebody who may not import.
    """
    _check_may_import(by)
    try:
        order = order_of(upload.content, filename=upload.filename, options=ListOptions.from_json(upload.options))
    except UnknownHeadings as unknown:
        return Unexplained(unknown.headings)
    return Preview(order, imports.preview(order.staged, by=by))


def unexplained(upload: ImportUpload) -> Unexplained | None:
    """The headings that the upload's owner may explain, also anew; None for a list whose headings are known."""
    options = replace(ListOptions.from_json(upload.options), mapping=None)
    try:
        order_of(upload.content, filename=upload.filename, options=options)
    except UnknownHeadings as unknown:
        return Unexplained(unknown.headings)
    return None


def explained(upload: ImportUpload, mapping: Mapping[str, str]) -> ListOptions:
    """The upload's options with what its headings mean; raises BadInput where the list cannot be read so."""
    options = replace(ListOptions.from_json(upload.options), mapping=mapping)
    check(upload.content, filename=upload.filename, options=options)
    return options


def change_options(upload_id: str, options: ListOptions, *, by: Viewer) -> None:
    """Keep how an upload is to be read. Raises NotFound for one that is not theirs or not there."""
    _check_may_import(by)
    query = update(ImportUpload).where(ImportUpload.id == upload_id, uploads.of_viewer(by))
    _found(session().execute(query.values(options=options.as_json())))


def apply(upload_id: str, *, read: ImportOrder, seen_digest: str, by: Viewer) -> Diff:
    """Apply what `preview` showed under `seen_digest`, and forget the upload; gives what was done.

    `read` is the order of the upload as it was read outside the transaction. Raises NotFound where the upload is gone
    (applied already, say), and StaleRecord where applying would do anything else than what was shown.
    """
    throw_away(upload_id, by=by)
    diff = imports.apply(read, by=by)
    if Preview(read, diff).digest != seen_digest:
        raise StaleRecord("The records have changed since you looked at this list. Look again, then decide.")
    return diff


def throw_away(upload_id: str, *, by: Viewer) -> None:
    """Forget an upload. Raises NotFound for one that is not theirs or not there."""
    _check_may_import(by)
    _found(session().execute(delete(ImportUpload).where(ImportUpload.id == upload_id, uploads.of_viewer(by))))


def forget_expired() -> None:
    """Delete everybody's uploads that have waited too long."""
    session().execute(delete(ImportUpload).where(ImportUpload.uploaded_at <= now() - uploads.KEPT_FOR))


def _found(result: object) -> None:
    if not cast(CursorResult[Any], result).rowcount:
        raise NotFound("There is no such upload.")


def _check_may_import(by: Viewer) -> None:
    if not allowed(by, Permission.IMPORT_PRISONERS):
        raise NotAllowed("Importing lists needs the programme's permission.")
