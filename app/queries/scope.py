"""What a coordinator's screen may show: sponsors of their regions, prisoners of their caseload.

Every query for a coordinator's page goes through these; nothing is read first and hidden later.
"""

from sqlalchemy import ColumnElement, exists, true

from app.models import Caseload, Prisoner, Sponsor
from app.permissions import EVERYWHERE, Viewer


def sponsors_of(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a sponsor lives in one of the viewer's regions."""
    return true() if EVERYWHERE in viewer.regions else Sponsor.country.in_(sorted(viewer.regions))


def prisoners_of(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a prisoner is of the viewer's caseload; the programme's people handle every record."""
    if viewer.sees_all_prisoners:
        return true()
    return exists().where(Caseload.prisoner_id == Prisoner.id, Caseload.account_id == viewer.account_id)
