"""The page about what is kept, in plain words: for each category of `app.retention` what it is and when it ends."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask_babel import LazyString, ngettext
from flask_babel import lazy_gettext as _l

from app.retention import LINES, About, Category, Line, Why

WORDS: Final[Mapping[Category, tuple[LazyString, LazyString]]] = {
    Category.LOG_IN: (
        _l("Your address, a fingerprint of your password, your language and time zone, and your second factor"),
        _l("Until you are erased."),
    ),
    Category.SIGN_UP: (
        _l("What you told us when you signed up and chose since, and what a coordinator noted when they vetted you"),
        _l("Until you are erased. Role, kind of support and country stay, without you, for our statistics."),
    ),
    Category.UNCONFIRMED: (
        _l("A sign-up whose address nobody confirmed"),
        _l("Erased %(period)s after the sign-up."),
    ),
    Category.TURNED_AWAY: (
        _l("A sign-up that a coordinator turned away"),
        _l("Erased %(period)s after the decision: until then you may ask why, and a mistake can be put right."),
    ),
    Category.UNDECIDED: (
        _l("A sign-up that nobody has decided about"),
        _l("Erased %(period)s after you were last here."),
    ),
    Category.LEFT: (
        _l("The records of whoever has left"),
        _l("Erased %(period)s after you left, or at once if you erase yourself."),
    ),
    Category.IDLE: (
        _l("The records of a sponsor who stands by nobody and does not come any more"),
        _l("Erased %(period)s after you were last here."),
    ),
    Category.CONFLICTS: (
        _l("Whom you must not be paired with"),
        _l("Until you are erased."),
    ),
    Category.MATCHES: (
        _l("Whom you stand by or stood by, what was proposed to you, and what you said"),
        _l("Until you are erased: whoever was refused is not offered again. Without you the dates stay a while."),
    ),
    Category.NOTES: (
        _l("What you or a coordinator noted about a match"),
        _l("Deleted %(period)s after the match was over."),
    ),
    Category.WITHDRAWN: (
        _l("Proposals and offers that came to nothing without a yes or no"),
        _l("Deleted after %(period)s."),
    ),
    Category.LETTERS: (
        _l("That you sent a letter, when, and what came of it; what you wrote is never kept"),
        _l("Deleted %(period)s after the match ended."),
    ),
    Category.RUNS: (
        _l("How the matching reckoned"),
        _l("Deleted after %(period)s; of each kind the newest stays."),
    ),
    Category.MAILS: (
        _l("That we mailed you, why and when, and which button you pressed; the text is never kept"),
        _l("Deleted after %(period)s."),
    ),
    Category.SUPPRESSIONS: (
        _l("That nothing may be mailed to an address, as a fingerprint from which nobody reads the address"),
        _l("Stays, so that no mail goes to you after you are erased, until you ask us to mail you again."),
    ),
    Category.ADDRESS_CHANGES: (
        _l("Your old address, after you changed it"),
        _l("Deleted after %(period)s."),
    ),
    Category.SESSIONS: (
        _l("That a browser was logged in, of which kind, and when; never where from"),
        _l("Deleted %(period)s after it expired."),
    ),
    Category.TOKENS: (
        _l("Links that we mailed you, as fingerprints"),
        _l("Deleted %(period)s after they expired."),
    ),
    Category.INVITATIONS: (
        _l("Whom you invited to act for you, while they have not come"),
        _l("Deleted after %(period)s."),
    ),
    Category.NAMED_ADDRESSES: (
        _l("An official address that you named, while it is not proven"),
        _l("Deleted after %(period)s."),
    ),
    Category.COUNTERS: (
        _l("How often a log-in was tried lately, for which address and from which network, as fingerprints"),
        _l("Deleted when the count is over, after a day at most."),
    ),
    Category.TRAIL: (
        _l("Which of us changed what and when: random numbers and the names of fields, never what stood in them"),
        _l("Stays. Once you are erased nobody can tell any more that a number was you."),
    ),
    Category.APPOINTMENTS: (
        _l("What you were appointed to, your regions and your caseload"),
        _l("Until you lay that down."),
    ),
    Category.READING: (
        _l("How many records you were shown in an hour and a day"),
        _l("Deleted after %(period)s."),
    ),
    Category.EXPORTS: (
        _l("That you asked for an export, and what for; the file is never kept"),
        _l("Deleted after %(period)s."),
    ),
    Category.ALERTS: (
        _l("What administrators were alerted to"),
        _l("Deleted %(period)s after somebody looked at it."),
    ),
    Category.TASKS: (
        _l("What you asked the matching to reckon"),
        _l("Deleted after %(period)s."),
    ),
    Category.PRISONERS: (
        _l("Who is held, where and why, what is known of them, and from which source"),
        _l("While they are held, and afterwards, since many are taken again; until they or their side ask us."),
    ),
    Category.FAMILY_CONTACTS: (
        _l("How a relative or lawyer can be reached who agreed to that, under lock"),
        _l("Deleted %(period)s after we learn that the prisoner is free or dead, or when they ask us."),
    ),
    Category.CONTACT_OPENINGS: (
        _l("That you opened the contact of a family, and what for"),
        _l("Deleted after %(period)s."),
    ),
    Category.PHOTOS: (
        _l("A photo of somebody held, and who allowed it to be seen by whom"),
        _l("Deleted %(period)s after they are free or dead, or when they or their side ask us."),
    ),
    Category.GONE: (
        _l("That somebody unnamed stood by them"),
        _l("Deleted %(period)s after the match was over, once the sponsor is erased."),
    ),
    Category.UPLOADS: (
        _l("A published list, while we look at what it would change"),
        _l("Deleted after %(period)s."),
    ),
    Category.WAITING_ROWS: (
        _l("A row of a list of which we do not know whom it means"),
        _l("Deleted when somebody decides, else after %(period)s."),
    ),
    Category.DECIDED_ROWS: (
        _l("How we decided about a row, as fingerprints"),
        _l("Stays, so that nobody who was left out or erased comes back with the next list."),
    ),
    Category.CANARIES: (
        _l("Invented people, by whom we notice who opens records without a reason"),
        _l("Until an administrator takes them out."),
    ),
    Category.RULES: (
        _l("Our rules, the texts of our mails, and which lists we imported"),
        _l("Stay. Who wrote them is forgotten with their account."),
    ),
    Category.PLACES: (_l("Prisons and postal routes"), _l("Stay.")),
    Category.ENGINE: (_l("How the program is doing"), _l("Written over again and again.")),
    Category.LOGS: (
        _l("What happened in the program, with random numbers: no name, no address, no network"),
        _l("As long as whoever runs the machine keeps its logs."),
    ),
}
"""What it is, and when it ends; `period` is filled in from `app.retention`."""

WHYS: Final[Mapping[Why, LazyString]] = {
    Why.AGREED: _l("You asked us to, and can end it."),
    Why.WORK: _l("You work here."),
    Why.CARE: _l("Somebody is in prison, and people stand by them."),
    Why.SAFETY: _l("It protects you and others from whoever pretends to be somebody."),
    Why.PROOF: _l("Misuse by our own people has to be found."),
    Why.RUNNING: _l("The program needs it."),
}

SECTIONS: Final[Mapping[LazyString, tuple[About, ...]]] = {
    _l("If you sign up"): (About.EVERYBODY, About.SPONSORS),
    _l("If you work here"): (About.STAFF,),
    _l("People in prison"): (About.PRISONERS,),
    _l("What is about nobody"): (About.NOBODY,),
}


@dataclass(frozen=True)
class Row:
    """One line of the page."""

    what: str
    why: str
    until: str


def sections() -> Iterator[tuple[str, list[Row]]]:
    """The page's sections with their rows, in the order of `app.retention`."""
    for heading, whom in SECTIONS.items():
        yield str(heading), [_row(line) for line in LINES if line.about in whom]


def _row(line: Line) -> Row:
    what, until = WORDS[line.category]
    ends = str(until) % {"period": spelt(line.lasts)} if line.lasts else str(until)
    return Row(str(what), str(WHYS[line.why]), ends)


def spelt(period: timedelta) -> str:
    """A period as people say it, in years, days or hours."""
    if period < timedelta(days=1):
        return str(ngettext("%(num)d hour", "%(num)d hours", period // timedelta(hours=1)))
    if period.days % 365 == 0:
        return str(ngettext("%(num)d year", "%(num)d years", period.days // 365))
    return str(ngettext("%(num)d day", "%(num)d days", period.days))
