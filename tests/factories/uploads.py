"""Uploads: lists that wait for their decision."""

from typing import Any

from app.clock import now
from app.models import Account, ImportUpload
from tests.factories.writing import add, writing


def make_upload(*, by: Account, content: bytes = b"Who,Born\nVydumka Alena,1980\n", **changes: Any) -> ImportUpload:
    """A list that `by` uploaded just now; its headings are unknown unless `content` says otherwise."""
    options = {"source": "invented", "as_of": "2026-11-01", "format": "auto", "mapping": None, "country": None}
    values = {
        "account_id": by.id,
        "filename": "list.csv",
        "content": content,
        "options": options | {"publicity": "coordinators_only", "basis": None} | changes.pop("options", {}),
        "uploaded_at": now(),
    }
    with writing():
        return add(ImportUpload(**values | changes))
