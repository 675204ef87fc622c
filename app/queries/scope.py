"""What a coordinator's screen may show: sponsors of their regions, prisoners of their caseload.

Every query for a coordinator's page goes through these; nothing is read first and hidden later.
"""

from sqlalchemy import ColumnElement, exists, false, or_, select, true

from app.models import Caseload, Office, OutgoingMail, Prisoner, Sponsor
from app.permissions import EVERYWHERE, Viewer
from app.vocabulary import StaffRole


def sponsors_of(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a sponsor lives in one of the viewer's regions."""
    return true() if EVERYWHERE in viewer.regions else Sponsor.country.in_(sorted(viewer.regions))


def prisoners_of(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a prisoner is of the viewer's caseload; the programme's people handle every record."""
    if viewer.sees_all_prisoners:
        return true()
    return caseload_of(viewer)


def caseload_of(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a prisoner was given to the viewer in person: who handles every record has no share in it."""
    return exists().where(Caseload.prisoner_id == Prisoner.id, Caseload.account_id == viewer.account_id)


def mails_of(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a mail is for the viewer to settle, by its recipient (docs/decisions/0005).

    A coordinator looks after the sponsors of their regions and who acts for these, an administrator after all others.
    """
    acting = select(Office.sponsor_id).where(Office.account_id == OutgoingMail.account_id).correlate(OutgoingMail)
    sponsors = exists().where(or_(Sponsor.account_id == OutgoingMail.account_id, Sponsor.id.in_(acting)))
    conditions: list[ColumnElement[bool]] = []
    if StaffRole.COORDINATOR in viewer.roles:
        conditions.append(sponsors.where(sponsors_of(viewer)))
    if StaffRole.ADMINISTRATOR in viewer.roles:
        conditions.append(~sponsors)
    return or_(false(), *conditions)
