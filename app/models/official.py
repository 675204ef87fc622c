"""What vouches for a member of a parliament without their word: official domains, and addresses proven there (B4)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Id, together
from app.models.sealed import Sealed, SealedText
from app.models.sponsor import Sponsor

LONGEST_DOMAIN = 253


class OfficialDomain(Base):
    """One mail domain of a parliament. Which addresses belong to it, `app.official_addresses` says.

    `members_at` and `members_by`: who vouched, and when, that nobody but members has an address there. Only then does
    an address vet anybody by itself (docs/decisions/0009). `country` is None for a parliament of several.
    """

    __tablename__ = "official_domain"
    __table_args__ = (together("members_at_has_by", "members_at", "members_by"),)

    id: Mapped[Id]
    parliament: Mapped[str] = mapped_column(String(200))
    country: Mapped[str | None] = mapped_column(String(2))
    domain: Mapped[str] = mapped_column(String(LONGEST_DOMAIN), unique=True, doc="plain ASCII, in lower case")
    added_at: Mapped[datetime]
    added_by: Mapped[str | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), doc="None: it came with the program"
    )
    members_at: Mapped[datetime | None]
    members_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))


class OfficialAddress(Base):
    """A sponsor's address at an official domain: named, and from `confirmed_at` on proven by a mailed link.

    The newest of a sponsor counts. The address itself goes once it is proven: the domain and a keyed digest stay, so
    that one mailbox vouches for one sponsor only.
    """

    __tablename__ = "official_address"
    __table_args__ = (Index(None, "sponsor_id", "asked_at"),)

    id: Mapped[Id]
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsor.id", ondelete="CASCADE"))
    address_sealed: Mapped[SealedText | None]
    domain: Mapped[str] = mapped_column(String(LONGEST_DOMAIN), doc="the official domain, as it stood then")
    parliament: Mapped[str] = mapped_column(String(200), doc="whose domain that was then")
    digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    address = Sealed[str | None]()

    sponsor: Mapped[Sponsor] = relationship()
