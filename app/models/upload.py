"""A list on its way in: uploaded, shown as what it would change, then applied or thrown away."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id


class ImportUpload(Base):
    """One uploaded list of one person of the programme; kept only until it is applied, or for an hour.

    It stands in the database, since the next request may reach another machine.
    """

    __tablename__ = "import_upload"
    __table_args__ = (Index(None, "uploaded_at"),)

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    filename: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    options: Mapped[dict[str, Any]]
    uploaded_at: Mapped[datetime]
