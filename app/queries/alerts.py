"""Alerts as administrators read them. Nobody reads of the canary that they opened themselves."""

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from app.database import session
from app.models import Account, Alert
from app.permissions import Viewer
from app.queries.duties import is_administrator
from app.queries.paging import Page, page_of
from app.watch_words import AlertKind

ON_A_PAGE = 50
FEW = 5


def shown_to(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that an alert is for this administrator's eyes."""
    return or_(Alert.kind != AlertKind.CANARY_OPENED, Alert.caused_by.is_(None), Alert.caused_by != viewer.account_id)


def listed(viewer: Viewer, *, number: int) -> Page[Alert]:
    """All alerts, newest first."""
    query = select(Alert).where(shown_to(viewer)).order_by(Alert.raised_at.desc(), Alert.id)
    with_names = query.options(joinedload(Alert.causer), joinedload(Alert.seer))
    return page_of(with_names, Alert.id, number=number, size=ON_A_PAGE)


def unseen(viewer: Viewer) -> list[Alert]:
    """The newest alerts that nobody has looked at yet."""
    query = select(Alert).where(Alert.seen_at.is_(None), shown_to(viewer)).options(joinedload(Alert.causer))
    return list(session().scalars(query.order_by(Alert.raised_at.desc(), Alert.id).limit(FEW)))


def number_unseen(viewer: Viewer) -> int:
    """How many alerts nobody has looked at yet."""
    return session().scalar(select(func.count()).where(Alert.seen_at.is_(None), shown_to(viewer))) or 0


def administrators() -> list[str]:
    """The accounts of all administrators who can log in."""
    return list(session().scalars(select(Account.id).where(is_administrator(Account)).order_by(Account.id)))
