"""Lists on their way in, as the page of imports shows them; of each person's uploads nobody else knows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, select

from app.clock import now
from app.database import session
from app.models import ImportRecord, ImportUpload
from app.permissions import Viewer
from app.retention import Category, period

KEPT_FOR: Final = period(Category.UPLOADS)
"""How long an upload waits for its decision (`domain.md`, "Do no harm" 5: delete early)."""

SHOWN_IMPORTS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingUpload:
    """An upload in a list: what it is called, and until when it is kept."""

    id: str
    filename: str
    source: str
    as_of: str
    kept_until: datetime


def of_viewer(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that an upload is the viewer's own and still kept."""
    return and_(ImportUpload.account_id == viewer.account_id, ImportUpload.uploaded_at > now() - KEPT_FOR)


def find(viewer: Viewer, upload_id: str) -> ImportUpload | None:
    """The viewer's own upload with its content, while it is kept."""
    return session().scalar(select(ImportUpload).where(ImportUpload.id == upload_id, of_viewer(viewer)))


def waiting(viewer: Viewer) -> list[WaitingUpload]:
    """The viewer's uploads that wait for a decision, the newest first; no content is read."""
    columns = (ImportUpload.id, ImportUpload.filename, ImportUpload.options, ImportUpload.uploaded_at)
    query = select(*columns).where(of_viewer(viewer)).order_by(ImportUpload.uploaded_at.desc(), ImportUpload.id)
    return [_waiting(*row) for row in session().execute(query)]


def _waiting(upload_id: str, filename: str, options: dict[str, Any], uploaded_at: datetime) -> WaitingUpload:
    return WaitingUpload(
        id=upload_id,
        filename=filename,
        source=options["source"],
        as_of=options["as_of"],
        kept_until=uploaded_at + KEPT_FOR,
    )


def any_expired() -> bool:
    """Whether anybody's upload has waited longer than it is kept."""
    expired = select(func.count()).select_from(ImportUpload).where(ImportUpload.uploaded_at <= now() - KEPT_FOR)
    return bool(session().scalar(expired))


def last_imports() -> list[ImportRecord]:
    """The newest imports that were applied, from the page or the command line."""
    query = select(ImportRecord).order_by(ImportRecord.applied_at.desc(), ImportRecord.id)
    return list(session().scalars(query.limit(SHOWN_IMPORTS)))
