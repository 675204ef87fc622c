"""Tables and invariants. Importing this package loads every table, which Alembic and the tests rely on."""

from app.models.account import (
    Account,
    AccountToken,
    Caseload,
    LoginSession,
    StaffGrant,
    StaffRegion,
    TokenPurpose,
)
from app.models.audit import AuditEvent, AuditHead
from app.models.base import Base, new_id
from app.models.event import PrisonerEvent
from app.models.export import PERSONS_ALONE, ExportRequest
from app.models.facility import Facility, PostRoute
from app.models.letter import Letter
from app.models.match import Match, MatchingRun, Policy
from app.models.matching_task import MatchingTask
from app.models.outgoing_mail import MailAnswer, OutgoingMail
from app.models.prisoner import FieldSource, ImportRecord, Prisoner, PrisonerFact, PrisonerSource, RoleLimit
from app.models.quarantine import QuarantinedRow
from app.models.reasons import LeftAlone, RunnerUp
from app.models.server_trouble import ServerTrouble
from app.models.sponsor import Conflict, Sponsor, SponsorLanguage
from app.models.suppression import SuppressedAddress
from app.models.upload import ImportUpload
from app.models.watch import Alert, Canary, ReadingCount

__all__ = [
    "PERSONS_ALONE",
    "Account",
    "AccountToken",
    "Alert",
    "AuditEvent",
    "AuditHead",
    "Base",
    "Canary",
    "Caseload",
    "Conflict",
    "ExportRequest",
    "Facility",
    "FieldSource",
    "ImportRecord",
    "ImportUpload",
    "LeftAlone",
    "Letter",
    "LoginSession",
    "MailAnswer",
    "Match",
    "MatchingRun",
    "MatchingTask",
    "OutgoingMail",
    "Policy",
    "PostRoute",
    "Prisoner",
    "PrisonerEvent",
    "PrisonerFact",
    "PrisonerSource",
    "QuarantinedRow",
    "ReadingCount",
    "RoleLimit",
    "RunnerUp",
    "ServerTrouble",
    "Sponsor",
    "SponsorLanguage",
    "StaffGrant",
    "StaffRegion",
    "SuppressedAddress",
    "TokenPurpose",
    "new_id",
]
