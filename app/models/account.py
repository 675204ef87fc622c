"""Who logs in: accounts, what staff were appointed to, log-in sessions and single-use tokens."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Id
from app.models.sealed import BY_ADDRESS, EmailIndex, Sealed, SealedText
from app.vocabulary import StaffRole


class TokenPurpose(StrEnum):
    """What a mailed token lets its holder do."""

    CONFIRM_ADDRESS = "confirm_address"
    RESET = "reset"
    CHANGE_ADDRESS = "change_address"
    INVITE = "invite"
    JOIN_OFFICE = "join_office"
    PROVE_OFFICIAL = "prove_official"


class Account(Base):
    """One person's way in. A sponsor has one; so has each office that acts for them, and each member of staff."""

    __tablename__ = "account"
    # Named as it was before the index was blind: SQLite renames a column, but no constraint.
    __table_args__ = (UniqueConstraint("email_index", name="uq_account_email_key"),)

    id: Mapped[Id]
    email_sealed: Mapped[SealedText]
    email_index: Mapped[EmailIndex]
    password_hash: Mapped[str] = mapped_column(String(200))
    interface_language: Mapped[str] = mapped_column(String(8), default="en")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    created_at: Mapped[datetime]
    email_confirmed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    email = Sealed[str](index=BY_ADDRESS)

    roles: Mapped[list["StaffGrant"]] = relationship(cascade="all, delete-orphan", foreign_keys="StaffGrant.account_id")
    regions: Mapped[list["StaffRegion"]] = relationship(cascade="all, delete-orphan")

    @property
    def email_key(self) -> str:
        """The address as it is compared (`app.addresses.address_key`): what links and digests are bound to."""
        return self.email.lower()

    @property
    def staff_roles(self) -> frozenset[StaffRole]:
        """What this account was appointed to; empty for sponsors."""
        return frozenset(grant.role for grant in self.roles)

    @property
    def region_codes(self) -> frozenset[str]:
        """The sponsor countries this member of staff looks after; `*` stands for all."""
        return frozenset(region.country for region in self.regions)


class StaffGrant(Base):
    """One staff role given to one account, and by whom; None stands for the command line."""

    __tablename__ = "staff_grant"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[StaffRole] = mapped_column(primary_key=True)
    granted_at: Mapped[datetime]
    granted_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class StaffRegion(Base):
    """One sponsor country (or `*`, every country) that a coordinator looks after."""

    __tablename__ = "staff_region"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)


class Caseload(Base):
    """One prisoner given to one coordinator."""

    __tablename__ = "caseload"
    __table_args__ = (Index(None, "prisoner_id"),)

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id", ondelete="CASCADE"), primary_key=True)


class LoginSession(Base):
    """One browser that is logged in. The row is the truth: ending it logs the browser out with its next request.

    `token_hash` is the SHA-256 of the random token in the cookie, so that a stolen database opens no session.
    """

    __tablename__ = "login_session"
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(String(40), doc="the family of the browser, and nothing that says who")
    password_at: Mapped[datetime] = mapped_column(doc="when the password was last given in this session")
    code_due: Mapped[bool] = mapped_column(
        doc="only the password was given: the session opens nothing but the code page"
    )
    second_factor_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class AccountToken(Base):
    """A mailed token: single use, short-lived, stored as its SHA-256, bound to the address it was sent to."""

    __tablename__ = "account_token"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "account_id", "purpose"))

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    purpose: Mapped[TokenPurpose]
    email_index: Mapped[EmailIndex] = mapped_column(doc="the address it was sent to, as `Account.email_index`")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()
