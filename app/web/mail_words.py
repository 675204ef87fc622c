"""Why a mail did not go, waits, or is in doubt: a plain sentence for each reason, and what a coordinator can do.

The reasons are those that delivery, the outbox and the messages write; tests/unit/mail/test_reason_words.py reads them
from the code and asks for a sentence for each.
"""

from collections.abc import Mapping

from flask import Flask
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.actions.bounces import CAME_BACK
from app.queries.mail_health import UNSENDABLE, MailProblem
from app.queries.mail_log import HIDDEN
from app.task_words import Job
from app.vocabulary import OutgoingState

IN_DOUBT: Mapping[str, LazyString] = {
    "lease_ran_out": _l("The program stopped while it handed this over."),
    "connection_lost": _l("The connection broke off while this was handed over."),
    "answer_not_understood": _l("The mail server answered something that nobody can read."),
}
"""Why nobody knows whether a mail went."""

POST: Mapping[str, LazyString] = {
    "server_unreachable": _l("Our mail server does not answer. It is tried again by itself."),
    "tls_failed": _l("No safe connection to our mail server can be made. Whoever runs the program has to look."),
    "server_breaks_off": _l("Our mail server breaks off over one mail after another. It is tried again by itself."),
    "login_refused": _l("Our mail server refuses our log-in. Whoever runs the program has to look."),
    "connection_lost": _l("The connection broke off before this was handed over. It is tried again by itself."),
    "database_unavailable": _l("Our records could not be read at that moment. It is tried again by itself."),
    "outside_morning": _l("It waits for the next morning where they live."),
    "recipient_refused": _l("Their mail provider says that nobody has this address. Ask them for one that works."),
    "policy_refused": _l("Their mail provider refused it by its own rules. Whoever runs the program has to look."),
    "content_refused": _l("The mail server refused its text. Whoever runs the program has to look."),
    "gave_up": _l("Four days of tries came to nothing. Ask them, some other way, whether their mailbox works."),
    "bad_address": _l("What they gave as their address is none that mail can go to. Ask them for another."),
    "broken_header": _l("It could not be written. Whoever runs the program has to look."),
}
"""What the way of the post says: of a mail that waits for another try, or failed."""

PERSON: Mapping[str, LazyString] = {
    "account_disabled": _l("They have left, or their log-in was closed. Nothing goes to them any more."),
    "erased": _l("Their account was erased."),
    "sponsor_left": _l("They left before it went."),
    "account_closed": _l("Their log-in was closed before it went."),
    "opened_again": _l("Their log-in was opened again before it went."),
    "address_refused": _l("Their mail provider refused an earlier mail for good. Ask them for an address that works."),
    "address_bounced": _l("An earlier mail came back: nobody has this address. Ask them for one that works."),
    "address_erased": _l("Whoever had this address was erased. Nothing goes there any more."),
    "address_unconfirmed": _l("Their address is not confirmed. They can have the mail sent again from the log-in."),
    "address_unverified": _l("Their address is not confirmed. They can ask for a new mail for that when they log in."),
    "overtaken": _l("They asked for another change of their address since, or took this one back."),
    "already_confirmed": _l("They had confirmed their address before it went. Nothing needs doing."),
    "vetting_changed": _l("Their vetting is not what it was when this was written. Once it is decided, they are told."),
    "no_administrator": _l("They are no administrator any more. Nothing needs doing."),
    "not_vetted": _l("They are not vetted now. Decide on their vetting first."),
    "sponsor_paused": _l("They take a pause. Reminders come again when it ends."),
    "not_available": _l("They take a pause, or it lies outside the days that they gave, or their mandate ends soon."),
    "not_wanted": _l("They ended reminders of this kind. In their settings they can choose them again."),
    "no_capacity": _l("They stand by as many people as they offered to. More places are theirs to give."),
    "marked_silent": _l("Nobody has heard of them for long, so they are asked for nothing. A sign of life ends that."),
    "stale": _l("It was too late for it. The next one comes in its own time."),
    "no_longer_due": _l("A letter was sent, the offer answered, or the match changed. Nothing needs doing."),
    "match_changed": _l("The match was answered, changed or ended before it went. Nothing needs doing."),
    "taken_back": _l("A coordinator took the approval back in time. Nothing needs doing."),
}
"""Why it must not go any more, by what is known of the recipient and the match."""

PRISONER: Mapping[str, LazyString] = {
    "event_recorded": _l("An event was recorded that overtook it. Where there was something to tell, they were told."),
    "event_overtaken": _l("What it would have told no longer holds. Nothing needs doing."),
    "no_longer_held": _l("The prisoner is no longer held. Nothing needs doing."),
    "on_hold": _l("A coordinator holds the prisoner or the sponsor back. Reminders go again when that ends."),
    "whereabouts_unknown": _l("Nobody knows where the prisoner is. Record a transfer once the place is known."),
    "address_incomplete": _l("Street or postcode of the facility is missing. Find it out, and have it added."),
    "address_not_vouched_for": _l("Nobody vouches for the prisoner's address. Look it up; then letters are asked for."),
    "case_not_public": _l("The case is not public enough to speak of. Nothing needs doing."),
    "in_mourning": _l("Somebody they stood by has died. For four weeks we ask them nothing about themselves."),
    "route_closed": _l("No post goes from their country to the prisoner's. Agree with them on another way."),
    "not_detained": _l("The prisoner is no longer held, so nothing was offered. Nothing needs doing."),
    "detention_unknown": _l("It is not known whether the prisoner is still held. Find out first."),
    "publicity": _l("The case is not public enough for this kind of support. Offer them somebody else."),
    "no_seat": _l("The prisoner has no open seat of this kind any more. Offer them somebody else."),
    "role_not_wanted": _l("No seat beside this prisoner is open to their role. Offer them somebody else."),
    "language": _l("They write no language that the facility passes. Offer help with translation, or somebody else."),
    "mail_route": _l("No mail goes from their country to the prisoner's. Offer them somebody else."),
    "conflict": _l("The two must be kept apart. Offer them somebody else."),
    "lives_where_detained": _l("They live in the country that holds the prisoner. Offer them nobody there."),
    "already_paired": _l("The two are matched already. Nothing needs doing."),
    "refused_before": _l("This pair was refused or declined before. Offer them somebody else."),
    "held": _l("A coordinator holds the prisoner or the sponsor back. Offer it again when that ends."),
    HIDDEN: _l("It no longer held for the person whom a colleague looks after. The colleague knows more."),
}
"""Why it must not go any more, by what is known of the prisoner or the pair."""

PROBLEMS: Mapping[MailProblem, LazyString] = {
    MailProblem.WORKER_SILENT: _l(
        "No worker has been seen for ten minutes or more, so no mail goes and no reminder is written. "
        "Look whether “flask worker” runs, and what its log says."
    ),
    MailProblem.SCHEDULE_LATE: _l(
        "Reminders have not been looked at for three hours or more. Look for “scheduling_failed” in the worker's log."
    ),
    MailProblem.QUEUE_PAUSED: _l(
        "The queue is paused, since our mail server cannot be used. Nothing is lost: it goes on by itself once the "
        "server answers. Look whether the server runs, and whether the settings for it are right."
    ),
    MailProblem.MAIL_OVERDUE: _l(
        "Mail waits for half an hour or more, though a worker is there. It may have too much to do: start a second one."
    ),
    MailProblem.JOB_BROKE: _l(
        "A job of the worker broke off the last time it ran. Its log names the kind of failure; it is tried again."
    ),
    MailProblem.MAIL_UNWRITABLE: _l(
        "Mails of the last day could not be written. That is a fault of the program: look for “mail_unsendable” in the "
        "worker's log."
    ),
    MailProblem.BOUNCES_UNREADABLE: _l(
        "The mailbox that bounces come to, or a mail in it, cannot be read, so mail may go on to addresses that return "
        "it. Look whether VESTKA_MAIL_BOUNCES_PATH is right and the worker may read there; “bounces_unreadable” in its "
        "log says why it cannot."
    ),
}
"""What is wrong with the mail as a whole, and where to look."""

JOBS: Mapping[Job, LazyString] = {
    Job.DELIVER: _l("Hand over mail that is due"),
    Job.SCHEDULE: _l("Write reminders that fall due"),
    Job.MATCH: _l("Look for matching runs"),
    Job.PURGE: _l("Delete what is no longer needed"),
    Job.BOUNCES: _l("Read the mail that came back"),
}

WORDS = {**POST, **PERSON, **PRISONER}


def why(reason: str | None, state: OutgoingState) -> LazyString | str:
    """The sentence for a mail's reason; empty for a mail that has none."""
    if reason is None:
        return ""
    if state is OutgoingState.IN_DOUBT and reason in IN_DOUBT:
        return IN_DOUBT[reason]
    if reason in WORDS:
        return WORDS[reason]
    code = reason.removeprefix("smtp_")
    if code != reason:
        return str(_("The mail server said “not now” (%(code)s). It is tried again by itself.", code=code))
    status = reason.removeprefix(CAME_BACK)
    if status != reason:
        return str(_("It came back (%(code)s). Ask them, some other way, for an address that works.", code=status))
    if reason.startswith(UNSENDABLE):
        return WORDS["broken_header"]
    return str(_("A reason without words yet (%(code)s). Whoever runs the program knows more.", code=reason))


def init_app(app: Flask) -> None:
    """Let every template say why."""
    app.add_template_filter(why, "why_of_mail")
