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
from app.models.address_change import AddressChange
from app.models.address_check import AddressCheck
from app.models.audit import AuditEvent, AuditHead
from app.models.base import Base, new_id
from app.models.closing import AccountClosing
from app.models.event import PrisonerEvent
from app.models.export import PERSONS_ALONE, ExportRequest
from app.models.facility import Facility, PostRoute
from app.models.family_contact import ContactOpening, FamilyContact
from app.models.job_run import JobRun
from app.models.letter import Letter
from app.models.limit import AttemptCount
from app.models.match import Match, MatchingRun, Policy, SilentMatch
from app.models.matching_task import MatchingTask
from app.models.office import Office
from app.models.official import OfficialAddress, OfficialDomain
from app.models.outgoing_mail import MailAnswer, OutgoingMail, Reminder
from app.models.photo import Photo
from app.models.prisoner import FieldSource, ImportRecord, Prisoner, PrisonerFact, PrisonerSource, RoleLimit
from app.models.quarantine import QuarantinedRow
from app.models.reasons import LeftAlone, RunnerUp
from app.models.seal_key import SealKey
from app.models.second_factor import RecoveryCode, SecondFactor
from app.models.server_trouble import ServerTrouble
from app.models.sponsor import Conflict, Sponsor, SponsorLanguage
from app.models.suppression import SuppressedAddress
from app.models.text_version import TextVersion
from app.models.upload import ImportUpload
from app.models.watch import Alert, Canary, ReadingCount

__all__ = [
    "PERSONS_ALONE",
    "Account",
    "AccountClosing",
    "AccountToken",
    "AddressChange",
    "AddressCheck",
    "Alert",
    "AttemptCount",
    "AuditEvent",
    "AuditHead",
    "Base",
    "Canary",
    "Caseload",
    "Conflict",
    "ContactOpening",
    "ExportRequest",
    "Facility",
    "FamilyContact",
    "FieldSource",
    "ImportRecord",
    "ImportUpload",
    "JobRun",
    "LeftAlone",
    "Letter",
    "LoginSession",
    "MailAnswer",
    "Match",
    "MatchingRun",
    "MatchingTask",
    "Office",
    "OfficialAddress",
    "OfficialDomain",
    "OutgoingMail",
    "Photo",
    "Policy",
    "PostRoute",
    "Prisoner",
    "PrisonerEvent",
    "PrisonerFact",
    "PrisonerSource",
    "QuarantinedRow",
    "ReadingCount",
    "RecoveryCode",
    "Reminder",
    "RoleLimit",
    "RunnerUp",
    "SealKey",
    "SecondFactor",
    "ServerTrouble",
    "SilentMatch",
    "Sponsor",
    "SponsorLanguage",
    "StaffGrant",
    "StaffRegion",
    "SuppressedAddress",
    "TextVersion",
    "TokenPurpose",
    "new_id",
]
