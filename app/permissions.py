"""What each kind of person may do. Pure: values in, an answer out.

Deny by default: a permission that no role holds belongs to nobody, and a view without a declared permission answers
403 (`web/access.py`). Regions (sponsor countries) and caseloads (prisoners) narrow what a coordinator may touch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.vocabulary import StaffRole

EVERYWHERE = "*"
"""A region that stands for every country."""


class Permission(StrEnum):
    """One thing that may be done."""

    OWN_HOME = "own_home"
    ANSWER_OFFER = "answer_offer"
    SEE_DESK = "see_desk"
    VET_SPONSORS = "vet_sponsors"
    DECIDE_PROPOSALS = "decide_proposals"
    SEE_PRISONERS = "see_prisoners"
    RUN_MATCHING = "run_matching"
    IMPORT_PRISONERS = "import_prisoners"
    SEE_ADMIN = "see_admin"
    SET_POLICY = "set_policy"
    RECORD_EVENTS = "record_events"
    KEEP_PHOTOS = "keep_photos"
    WRITE_LETTERS = "write_letters"
    CHOOSE_PREFERENCES = "choose_preferences"
    DECIDE_FOR_ONESELF = "decide_for_oneself"
    SETTLE_MAILS = "settle_mails"
    WATCH_MAIL = "watch_mail"
    LIFT_SUPPRESSIONS = "lift_suppressions"
    EDIT_TEXTS = "edit_texts"
    RESET_SECOND_FACTOR = "reset_second_factor"
    EXPORT = "export"
    DECIDE_EXPORTS = "decide_exports"
    WATCH_STAFF = "watch_staff"
    FAMILY_CONTACTS = "family_contacts"
    APPOINT_STAFF = "appoint_staff"
    CLOSE_ACCOUNTS = "close_accounts"
    GIVE_PRISONERS = "give_prisoners"
    EDIT_PARLIAMENTS = "edit_parliaments"


OFFICE_PERMISSIONS = frozenset(
    {Permission.OWN_HOME, Permission.ANSWER_OFFER, Permission.WRITE_LETTERS, Permission.CHOOSE_PREFERENCES}
)
"""What an office does in its sponsor's place."""

SPONSOR_PERMISSIONS = OFFICE_PERMISSIONS | {Permission.DECIDE_FOR_ONESELF}
"""Leaving, choosing who acts for them and proving who they are is nobody's but the sponsor's."""

STAFF_PERMISSIONS: Mapping[StaffRole, frozenset[Permission]] = {
    StaffRole.COORDINATOR: frozenset(
        {
            Permission.SEE_DESK,
            Permission.VET_SPONSORS,
            Permission.DECIDE_PROPOSALS,
            Permission.SEE_PRISONERS,
            Permission.RECORD_EVENTS,
            Permission.KEEP_PHOTOS,
            Permission.SETTLE_MAILS,
            Permission.LIFT_SUPPRESSIONS,
            Permission.EXPORT,
            Permission.FAMILY_CONTACTS,
        }
    ),
    # Runs and imports read everybody, and texts go to everybody: whoever starts or edits them is appointed to that, not
    # merely to a region.
    StaffRole.PROGRAMME: frozenset(
        {
            Permission.SEE_DESK,
            Permission.RUN_MATCHING,
            Permission.IMPORT_PRISONERS,
            Permission.WATCH_MAIL,
            Permission.EDIT_TEXTS,
            Permission.EXPORT,
            Permission.DECIDE_EXPORTS,
            Permission.GIVE_PRISONERS,
            Permission.EDIT_PARLIAMENTS,
        }
    ),
    # An administrator cannot do a coordinator's work without the coordinator role: of the mails in doubt those to
    # members of staff are theirs to settle (queries/scope.py), and no sponsor's.
    StaffRole.ADMINISTRATOR: frozenset(
        {
            Permission.SEE_ADMIN,
            Permission.SET_POLICY,
            Permission.SETTLE_MAILS,
            Permission.WATCH_MAIL,
            Permission.LIFT_SUPPRESSIONS,
            Permission.RESET_SECOND_FACTOR,
            Permission.EXPORT,
            Permission.DECIDE_EXPORTS,
            Permission.WATCH_STAFF,
            Permission.APPOINT_STAFF,
            Permission.CLOSE_ACCOUNTS,
            Permission.GIVE_PRISONERS,
            Permission.EDIT_PARLIAMENTS,
        }
    ),
}


@dataclass(frozen=True)
class Viewer:
    """Who is looking: made once a request from the account, and handed to every query and action.

    `sponsor_id`: whose pages as a sponsor these are. `is_office`: the account acts for that sponsor and is not theirs.
    """

    account_id: str
    sponsor_id: str | None = None
    is_office: bool = False
    confirmed: bool = False
    roles: frozenset[StaffRole] = frozenset()
    regions: frozenset[str] = field(default_factory=frozenset)
    awaits_second_factor: bool = False

    def covers_country(self, country: str) -> bool:
        """Whether sponsors of `country` are this coordinator's."""
        return EVERYWHERE in self.regions or country in self.regions

    @property
    def sees_all_prisoners(self) -> bool:
        """Whoever runs imports and matching handles every record; others see the prisoners of their caseload."""
        return StaffRole.PROGRAMME in self.roles


def permissions_of(viewer: Viewer) -> frozenset[Permission]:
    """Everything the viewer may do; nothing until their address is confirmed and, of staff, a code was shown (A8)."""
    if not viewer.confirmed or viewer.awaits_second_factor:
        return frozenset()
    if viewer.is_office:
        # An office is never of the staff as well: were it ever appointed, it would still get nothing from that.
        return OFFICE_PERMISSIONS if viewer.sponsor_id else frozenset()
    granted = SPONSOR_PERMISSIONS if viewer.sponsor_id else frozenset[Permission]()
    for role in viewer.roles:
        granted |= STAFF_PERMISSIONS[role]
    return granted


def allowed(viewer: Viewer | None, permission: Permission) -> bool:
    """Whether the viewer holds the permission; nobody is `None`."""
    return viewer is not None and permission in permissions_of(viewer)
