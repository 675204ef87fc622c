"""The words of the field, as types. Pure: every room may import this one.

Values are what the database, the files of `docs/` and the command line use; they are the field's own words and never
change with the language of a page.
"""

from enum import StrEnum


class SponsorRole(StrEnum):
    """Who a sponsor is."""

    PARLIAMENTARIAN = "parliamentarian"
    ARTIST = "artist"
    ATHLETE = "athlete"
    PUBLIC_FIGURE = "public_figure"
    VOLUNTEER = "volunteer"


class SupportKind(StrEnum):
    """What a sponsor takes on in a match: to speak up in public, or to write in private."""

    GODPARENT = "godparent"
    LETTER_WRITER = "letter_writer"


class StaffRole(StrEnum):
    """What a member of staff was appointed to do; one account may hold several."""

    COORDINATOR = "coordinator"
    PROGRAMME = "programme"
    ADMINISTRATOR = "administrator"


class VettingState(StrEnum):
    """Whether somebody checked that a sponsor is who they say."""

    PENDING = "pending"
    VETTED = "vetted"
    REJECTED = "rejected"


class VettingBasis(StrEnum):
    """On what a sponsor was vetted."""

    COORDINATOR = "coordinator"
    OFFICIAL_ADDRESS = "official_address"


class MatchState(StrEnum):
    """Where a match stands; the moves between states are in `app.transitions`."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"
    DECLINED = "declined"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


LIVE_STATES = frozenset({MatchState.APPROVED, MatchState.ACTIVE, MatchState.PAUSED})
"""A live match takes a seat and capacity and bars the pair. A proposal takes nothing."""


class EndReason(StrEnum):
    """Why an active match ended."""

    CONSENT_WITHDRAWN = "consent_withdrawn"
    RELEASED = "released"
    DIED = "died"
    SPONSOR_LEFT = "sponsor_left"
    MANDATE_ENDED = "mandate_ended"
    HANDED_OVER = "handed_over"
    COORDINATOR = "coordinator"
    ERASED = "erased"


class DeclineReason(StrEnum):
    """Why a coordinator declined a proposal."""

    NOT_SUITABLE = "not_suitable"
    SAFETY = "safety"
    FAMILY_ASKED = "family_asked"
    SUPPORTED_ELSEWHERE = "supported_elsewhere"
    OTHER = "other"


class RefusalReason(StrEnum):
    """Why a sponsor asked for someone else."""

    LANGUAGE = "language"
    TOO_MUCH = "too_much"
    KNOWS_PERSON = "knows_person"
    SAFETY = "safety"
    CIRCUMSTANCES = "circumstances"
    OTHER = "other"


class DetentionStatus(StrEnum):
    """How a prisoner is held now."""

    AWAITING_TRIAL = "awaiting_trial"
    CONVICTED = "convicted"
    IN_TRANSFER = "in_transfer"
    HOME_CONFINEMENT = "home_confinement"
    RELEASED = "released"
    RETURNED_TO_CUSTODY = "returned_to_custody"
    DIED_IN_CUSTODY = "died_in_custody"
    UNKNOWN = "unknown"


NO_LONGER_HELD = frozenset({DetentionStatus.RELEASED, DetentionStatus.DIED_IN_CUSTODY})
"""Nobody writes to them, nobody new stands by them, and no reminder speaks of them."""


class FacilityKind(StrEnum):
    """What sort of place a prisoner is held in."""

    PRETRIAL = "pretrial_detention_centre"
    COLONY = "penal_colony"
    PRISON = "prison"
    OPEN_FACILITY = "open_correctional_facility"
    HOME = "home_confinement"
    HOSPITAL = "psychiatric_hospital"


class MailAccess(StrEnum):
    """Whose mail reaches a prisoner."""

    OPEN = "open"
    SELECTIVE = "selective"
    RELATIVES_ONLY = "relatives_only"
    INCOMMUNICADO = "incommunicado"
    UNKNOWN = "unknown"


class MailRoute(StrEnum):
    """How post travels from a sponsor's country to the detaining one."""

    DIRECT = "direct"
    VIA_HUB = "via_hub"
    CLOSED = "closed"


class Publicity(StrEnum):
    """Who may know of a case through this site."""

    PUBLIC = "public"
    SPONSORS_ONLY = "sponsors_only"
    COORDINATORS_ONLY = "coordinators_only"


class PublicityBasis(StrEnum):
    """What allows a case to be known beyond the coordinators."""

    FAMILY_CONSENTED = "family_consented"
    RECOGNISED_ORGANISATION = "publicised_by_recognised_organisation"
    PRISONER_ASKED = "prisoner_asked"


class Fact(StrEnum):
    """A vulnerability fact that a coordinator records with its source, date and visibility.

    Age, length of sentence and time held are not facts but arithmetic on dates (`app.matching.tiers`).
    """

    SERIOUS_ILLNESS = "serious_illness"
    HUNGER_STRIKE = "hunger_strike"
    DISABILITY = "disability"
    BOTH_PARENTS_HELD = "both_parents_held"
    INCOMMUNICADO = "incommunicado"
    MENTAL_DISORDER = "mental_disorder"
    SMALL_CHILDREN = "small_children"


class Visibility(StrEnum):
    """Who may see one fact; a public case may have a private illness."""

    PUBLIC = "public"
    SPONSORS = "sponsors"
    COORDINATORS = "coordinators"


class LanguageLevel(StrEnum):
    """How well a sponsor writes a language."""

    FLUENT = "fluent"
    BASIC = "basic"


class Gender(StrEnum):
    """As the source states it."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class AgeGroup(StrEnum):
    """An age band a sponsor may wish for."""

    UNDER_30 = "under_30"
    FROM_30_TO_59 = "30_59"
    FROM_60 = "60_over"


class ProfessionGroup(StrEnum):
    """A group of professions; `other` matches nothing."""

    MEDIA = "media"
    POLITICS = "politics"
    ARTS = "arts"
    SPORT = "sport"
    SCIENCE = "science"
    EDUCATION = "education"
    MEDICINE = "medicine"
    LAW = "law"
    BUSINESS = "business"
    ENGINEERING = "engineering"
    IT = "it"
    TRADES = "trades"
    STUDENTS = "students"
    CLERGY = "clergy"
    SECURITY = "security"
    OTHER = "other"


class LetterState(StrEnum):
    """Where one letter stands. Nobody knows that it was received unless the prisoner says so."""

    DRAFT = "draft"
    CHECKED = "checked"
    SENT = "sent"
    REPLY_RECEIVED = "reply_received"
    REFUSED_BY_CENSOR = "refused_by_censor"
    RETURNED = "returned"
    NO_WORD = "no_word"


class EventType(StrEnum):
    """What happens to a prisoner and is recorded once, with all that follows from it."""

    RELEASE = "release"
    DEATH = "death"
    TRANSFER = "transfer"
    RETURN = "return"


class QuarantineState(StrEnum):
    """Where a row stands that an import could not place by itself."""

    WAITING = "waiting"
    SAME_PERSON = "same_person"
    NEW_PERSON = "new_person"
    LEFT_OUT = "left_out"


class LeaveOutReason(StrEnum):
    """Why a quarantined row is left out."""

    SAID_TWICE = "said_twice"
    MISTAKE = "mistake"
    NOT_OURS = "not_ours"
    SAFETY = "safety"
    NOBODY_KNOWS = "nobody_knows"


class TextFamily(StrEnum):
    """What sort of text coordinators edit."""

    MAIL = "mail"
    LETTER = "letter"


class OutgoingState(StrEnum):
    """Where one outgoing mail stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    WAITING = "waiting"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    IN_DOUBT = "in_doubt"


UNSENT = (OutgoingState.QUEUED, OutgoingState.WAITING)
GONE_OR_GOING = (OutgoingState.SENDING, OutgoingState.SENT, OutgoingState.IN_DOUBT)
"""Nobody has read an unsent mail; one that has gone, or may have, somebody may have read."""


class SuppressionReason(StrEnum):
    """Why an address gets no mail any more; the mails to it that are held back say so in the same words."""

    REFUSED = "address_refused"
    BOUNCED = "address_bounced"
    ERASED = "address_erased"
