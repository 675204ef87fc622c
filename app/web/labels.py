"""What the field's words are called on a page: one label for each value, marked for translation."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from flask import Flask
from flask_babel import LazyString, format_date, get_locale
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from app import places
from app.contact_words import ContactKind, OpeningReason
from app.partial_date import PartialDate
from app.reminder_words import ActionIdea, Holiday, ReminderKind
from app.vocabulary import (
    AgeGroup,
    DeclineReason,
    DetentionStatus,
    EndReason,
    EventType,
    Fact,
    Gender,
    LanguageLevel,
    LeaveOutReason,
    LetterState,
    MailAccess,
    MatchState,
    OutgoingState,
    ProfessionGroup,
    Publicity,
    PublicityBasis,
    QuarantineState,
    RefusalReason,
    SponsorRole,
    StaffRole,
    SupportKind,
    VettingState,
    Visibility,
)
from app.watch_words import AlertKind, ExportState, ExportSubject

_WORDS: tuple[tuple[StrEnum, LazyString], ...] = (
    (SponsorRole.PARLIAMENTARIAN, _l("Member of a parliament")),
    (SponsorRole.ARTIST, _l("Artist")),
    (SponsorRole.ATHLETE, _l("Athlete")),
    (SponsorRole.PUBLIC_FIGURE, _l("Public figure")),
    (SponsorRole.VOLUNTEER, _l("Volunteer")),
    (SupportKind.GODPARENT, _l("Speak up in public, as a godparent")),
    (SupportKind.LETTER_WRITER, _l("Write letters, in private")),
    (StaffRole.COORDINATOR, _l("Coordinator")),
    (StaffRole.PROGRAMME, _l("Runs matching and imports")),
    (StaffRole.ADMINISTRATOR, _l("Administrator")),
    (VettingState.PENDING, _l("Waits for vetting")),
    (VettingState.VETTED, _l("Vetted")),
    (VettingState.REJECTED, _l("Turned away")),
    (MatchState.PROPOSED, _l("Proposed")),
    (MatchState.APPROVED, _l("Offered")),
    (MatchState.ACTIVE, _l("Active")),
    (MatchState.PAUSED, _l("Paused")),
    (MatchState.ENDED, _l("Ended")),
    (MatchState.DECLINED, _l("Declined")),
    (MatchState.REFUSED, _l("Refused by the sponsor")),
    (MatchState.LAPSED, _l("Offer lapsed")),
    (MatchState.WITHDRAWN, _l("Withdrawn")),
    (EndReason.CONSENT_WITHDRAWN, _l("Consent withdrawn")),
    (EndReason.RELEASED, _l("Released")),
    (EndReason.DIED, _l("Died")),
    (EndReason.SPONSOR_LEFT, _l("The sponsor left")),
    (EndReason.MANDATE_ENDED, _l("The mandate ended")),
    (EndReason.HANDED_OVER, _l("Handed over")),
    (EndReason.COORDINATOR, _l("Ended by a coordinator")),
    (EndReason.ERASED, _l("Erased")),
    (DeclineReason.NOT_SUITABLE, _l("The two do not suit each other")),
    (DeclineReason.SAFETY, _l("It could put somebody at risk")),
    (DeclineReason.FAMILY_ASKED, _l("The family asked for it")),
    (DeclineReason.SUPPORTED_ELSEWHERE, _l("Supported elsewhere already")),
    (DeclineReason.OTHER, _l("Another reason")),
    (RefusalReason.LANGUAGE, _l("The language is too hard for me")),
    (RefusalReason.TOO_MUCH, _l("It is more than I can do now")),
    (RefusalReason.KNOWS_PERSON, _l("I know this person or their case")),
    (RefusalReason.SAFETY, _l("I am worried about safety")),
    (RefusalReason.CIRCUMSTANCES, _l("My circumstances have changed")),
    (RefusalReason.OTHER, _l("Another reason")),
    (DetentionStatus.AWAITING_TRIAL, _l("Awaiting trial")),
    (DetentionStatus.CONVICTED, _l("Convicted")),
    (DetentionStatus.IN_TRANSFER, _l("Being moved")),
    (DetentionStatus.HOME_CONFINEMENT, _l("Confined at home")),
    (DetentionStatus.RELEASED, _l("Released")),
    (DetentionStatus.RETURNED_TO_CUSTODY, _l("Returned to custody")),
    (DetentionStatus.DIED_IN_CUSTODY, _l("Died in custody")),
    (DetentionStatus.UNKNOWN, _l("Not known")),
    (MailAccess.OPEN, _l("Letters arrive")),
    (MailAccess.SELECTIVE, _l("Some letters arrive")),
    (MailAccess.RELATIVES_ONLY, _l("Only relatives' letters arrive")),
    (MailAccess.INCOMMUNICADO, _l("Cut off from all mail")),
    (MailAccess.UNKNOWN, _l("We don't know whether letters arrive")),
    (Publicity.PUBLIC, _l("Public")),
    (Publicity.SPONSORS_ONLY, _l("Sponsors only")),
    (Publicity.COORDINATORS_ONLY, _l("Coordinators only")),
    (PublicityBasis.FAMILY_CONSENTED, _l("The family consented")),
    (PublicityBasis.RECOGNISED_ORGANISATION, _l("Made public by a recognised organisation")),
    (PublicityBasis.PRISONER_ASKED, _l("The prisoner asked for it")),
    (Visibility.PUBLIC, _l("Everybody")),
    (Visibility.SPONSORS, _l("Sponsors")),
    (Visibility.COORDINATORS, _l("Coordinators only")),
    (Fact.SERIOUS_ILLNESS, _l("Seriously ill")),
    (Fact.HUNGER_STRIKE, _l("On hunger strike")),
    (Fact.DISABILITY, _l("Lives with a disability")),
    (Fact.BOTH_PARENTS_HELD, _l("Both parents held")),
    (Fact.INCOMMUNICADO, _l("Cut off from the world")),
    (Fact.MENTAL_DISORDER, _l("Mental disorder")),
    (Fact.SMALL_CHILDREN, _l("Small children or a large family")),
    (LanguageLevel.FLUENT, _l("Fluently")),
    (LanguageLevel.BASIC, _l("A little")),
    (Gender.FEMALE, _l("Woman")),
    (Gender.MALE, _l("Man")),
    (Gender.OTHER, _l("Other")),
    (AgeGroup.UNDER_30, _l("Under 30")),
    (AgeGroup.FROM_30_TO_59, _l("30 to 59")),
    (AgeGroup.FROM_60, _l("60 or over")),
    (ProfessionGroup.MEDIA, _l("Media")),
    (ProfessionGroup.POLITICS, _l("Politics and civil society")),
    (ProfessionGroup.ARTS, _l("Arts")),
    (ProfessionGroup.SPORT, _l("Sport")),
    (ProfessionGroup.SCIENCE, _l("Science")),
    (ProfessionGroup.EDUCATION, _l("Education")),
    (ProfessionGroup.MEDICINE, _l("Medicine and care")),
    (ProfessionGroup.LAW, _l("Law")),
    (ProfessionGroup.BUSINESS, _l("Business")),
    (ProfessionGroup.ENGINEERING, _l("Engineering")),
    (ProfessionGroup.IT, _l("Information technology")),
    (ProfessionGroup.TRADES, _l("Trades and crafts")),
    (ProfessionGroup.STUDENTS, _l("Students")),
    (ProfessionGroup.CLERGY, _l("Clergy")),
    (ProfessionGroup.SECURITY, _l("Police, army, security")),
    (ProfessionGroup.OTHER, _l("Other")),
    (OutgoingState.QUEUED, _l("Queued")),
    (OutgoingState.SENDING, _l("Being sent")),
    (OutgoingState.SENT, _l("Sent")),
    (OutgoingState.WAITING, _l("Waits for another try")),
    (OutgoingState.FAILED, _l("Failed")),
    (OutgoingState.SUPPRESSED, _l("Held back")),
    (OutgoingState.IN_DOUBT, _l("In doubt")),
    (EventType.RELEASE, _l("Released")),
    (EventType.DEATH, _l("Died")),
    (EventType.TRANSFER, _l("Moved to another place, or on the way")),
    (EventType.RETURN, _l("Returned to custody")),
    (ReminderKind.LETTER_DUE, _l("When a letter is due")),
    (ReminderKind.BIRTHDAY_AHEAD, _l("When a birthday is coming up")),
    (ReminderKind.HOLIDAY_AHEAD, _l("When a holiday is coming up on which a card is welcome")),
    (ReminderKind.ACTION_IDEA, _l("With an idea of what you could do in public")),
    (ReminderKind.SPEAK_UP_DATE, _l("When a day is coming up on which to speak up")),
    (ReminderKind.OFFER_UNANSWERED, _l("When an offer waits for your answer")),
    (ReminderKind.LONG_QUIET, _l("When we have not heard from you for a long time")),
    (ReminderKind.MANDATE_ENDING, _l("Before a mandate of yours ends")),
    (ReminderKind.RE_CONSENT, _l("Once a year, to ask whether you go on")),
    (Holiday.BIRTHDAY, _l("Their birthday")),
    (Holiday.NEW_YEAR, _l("New Year")),
    (Holiday.WOMENS_DAY, _l("Women's Day")),
    (Holiday.DAY_OF_POLITICAL_PRISONERS, _l("Day of Political Prisoners")),
    (Holiday.ARREST_ANNIVERSARY, _l("The day of the arrest")),
    (ActionIdea.LETTER_TO_AUTHORITY, _l("Write to an authority: polite, factual, with one exact request")),
    (ActionIdea.EMBASSY_CONTACT, _l("Ask an embassy, or your foreign ministry, what they do for them")),
    (ActionIdea.PUBLIC_STATEMENT, _l("Say in a statement who they are and that you stand by them")),
    (ActionIdea.SOCIAL_POST, _l("Post their story, with the name spelt as they spell it")),
    (ActionIdea.PARLIAMENTARY_QUESTION, _l("Table a question to your government")),
    (ActionIdea.SPEECH, _l("Name them in the next speech, reading or performance of yours")),
    (ActionIdea.PRIZE_NOMINATION, _l("Propose them for a prize")),
    (LetterState.DRAFT, _l("Begun")),
    (LetterState.CHECKED, _l("Checked")),
    (LetterState.SENT, _l("Sent")),
    (LetterState.REPLY_RECEIVED, _l("A reply came")),
    (LetterState.REFUSED_BY_CENSOR, _l("A censor refused it")),
    (LetterState.RETURNED, _l("It came back")),
    (LetterState.NO_WORD, _l("No word of it")),
    (QuarantineState.WAITING, _l("Waits for a person")),
    (QuarantineState.SAME_PERSON, _l("The same person")),
    (QuarantineState.NEW_PERSON, _l("Somebody new")),
    (QuarantineState.LEFT_OUT, _l("Left out")),
    (LeaveOutReason.SAID_TWICE, _l("The list names this person twice")),
    (LeaveOutReason.MISTAKE, _l("A mistake of the list")),
    (LeaveOutReason.NOT_OURS, _l("Nobody whom this programme stands by")),
    (LeaveOutReason.SAFETY, _l("Safer if nothing is kept")),
    (LeaveOutReason.NOBODY_KNOWS, _l("Nobody can tell who is meant")),
    (ExportSubject.SPONSORS, _l("Sponsors")),
    (ExportSubject.PRISONERS, _l("Prisoners")),
    (ExportSubject.MATCHES, _l("Matches")),
    (ExportState.ASKED, _l("Waits for a colleague")),
    (ExportState.APPROVED, _l("Approved")),
    (ExportState.DECLINED, _l("Declined")),
    (ExportState.DOWNLOADED, _l("Downloaded")),
    (AlertKind.READING_SPENT, _l("Read more than the budget allows")),
    (AlertKind.CANARY_OPENED, _l("Opened an invented record")),
    (AlertKind.TRAIL_BROKEN, _l("The audit trail is not what was written")),
    (AlertKind.EXPORT_ASKED, _l("Asked for an export")),
    (AlertKind.SECOND_FACTOR_RESET, _l("Took away a second factor")),
    (AlertKind.CONTACTS_OPENED, _l("Opened many contacts of families")),
    (ContactKind.RELATIVE, _l("A relative")),
    (ContactKind.LAWYER, _l("The lawyer")),
    (ContactKind.OTHER, _l("Somebody else whom the family named")),
    (OpeningReason.TELL_NEWS, _l("To tell them what has happened")),
    (OpeningReason.ASK_CONSENT, _l("To ask what they want, or what may be said")),
    (OpeningReason.LETTERS, _l("About letters that go through the hub")),
    (OpeningReason.KEEP_CURRENT, _l("To see whether it is still right, or to correct it")),
    (OpeningReason.OTHER, _l("Another reason")),
    (AlertKind.ADMINISTRATOR_APPOINTED, _l("Appointed an administrator")),
)
# Words of different kinds may share a value (and are then equal as text), so the kind is part of the key.
_BY_KIND = {(type(word), word.value): text for word, text in _WORDS}

URGENCY_LABELS: Mapping[str, LazyString] = {
    "serious_illness": _l("seriously ill"),
    "under_18_at_arrest": _l("under 18 at arrest"),
    "hunger_strike": _l("on hunger strike"),
    "disability": _l("lives with a disability"),
    "both_parents_held": _l("both parents held"),
    "incommunicado": _l("cut off from the world"),
    "mental_disorder": _l("mental disorder"),
    "aged_60_or_over": _l("60 or over"),
    "small_children": _l("small children or a large family"),
    "long_sentence": _l("a sentence of more than ten years"),
    "long_held": _l("held for more than three years"),
}

TERM_LABELS: Mapping[str, LazyString] = {
    "eligible": _l("can be paired"),
    "language": _l("language"),
    "profession": _l("profession"),
    "country_spread": _l("first from this country"),
    "least_support": _l("has little support"),
    "preference": _l("wish met"),
    "steadiness": _l("steady"),
    "joint_case": _l("same case"),
}


def label(word: StrEnum) -> LazyString | str:
    """What `word` is called on a page."""
    return _BY_KIND.get((type(word), word.value), word.value)


def choices(kind: type[StrEnum], *, blank: LazyString | None = None) -> list[SelectChoice]:
    """Values and labels for a form's field; `blank` is what the empty choice is called."""
    first = [] if blank is None else [SelectChoice("", blank)]
    return first + [SelectChoice(word.value, label(word)) for word in kind]


def options(pairs: Iterable[tuple[str, LazyString | str]]) -> list[SelectChoice]:
    """Choices for a form's field from values and labels that are no words of the field."""
    return [SelectChoice(value, text) for value, text in pairs]


def country_name(code: str) -> str:
    """A country's name in the page's language."""
    return places.country_name(code, str(get_locale() or "en"))


def language_name(code: str) -> str:
    """A language's name in the page's language."""
    return places.language_name(code, str(get_locale() or "en"))


def partial_date(known: PartialDate) -> str:
    """What is known of a date in the page's language: a day, a month or a year."""
    if known.whole is not None:
        return str(format_date(known.whole, "long"))
    if known.month is not None:
        return str(format_date(date(known.year, known.month, 1), "LLLL y"))
    return str(known.year)


def init_app(app: Flask) -> None:
    """Let every template use the labels."""
    app.add_template_filter(partial_date)
    app.add_template_filter(label)
    app.add_template_filter(country_name)
    app.add_template_filter(language_name)
