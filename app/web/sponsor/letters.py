"""Writing: a page to write on, the same page for the printer, and what became of each letter.

The text of a letter passes through here on its way to the print view and is neither stored nor logged.
"""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.actions import letters as letter_actions
from app.errors import BadInput, NotFound
from app.models import Match, Sponsor
from app.permissions import Permission
from app.queries import letters, sponsors
from app.transaction import transaction
from app.transitions import LETTER_MOVES
from app.vocabulary import LetterState
from app.web.access import requires, viewer
from app.web.sponsor.blueprint import blueprint
from app.web.sponsor.forms import LetterForm, OutcomeForm, SentForm

BLANK = "blank"
TEMPLATE_NAMES: dict[str, LazyString] = {
    "first": _l("A first letter"),
    "everyday": _l("An everyday letter"),
    "birthday": _l("For a birthday"),
    "new_year": _l("For New Year and Christmas"),
    BLANK: _l("A blank page"),
}
WEEKS: Sequence[LazyString] = (
    _l("one week"),
    _l("two weeks"),
    _l("three weeks"),
    _l("four weeks"),
    _l("five weeks"),
    _l("six weeks"),
    _l("seven weeks"),
    _l("eight weeks"),
)


@blueprint.get("/matches/<match_id>/letters/write")
@requires(Permission.WRITE_LETTERS)
def write_letter(match_id: str) -> ResponseReturnValue:
    """A page to write on: a letter template filled for this pair, or a blank page with prompts."""
    return _page_to_write(_writable(match_id), LetterForm(formdata=None))


@blueprint.post("/matches/<match_id>/letters/print")
@requires(Permission.WRITE_LETTERS)
def print_letter(match_id: str) -> ResponseReturnValue:
    """The letter and its envelope as they come out of the printer."""
    found, form = _writable(match_id), LetterForm()
    if not form.validate_on_submit():
        return _page_to_write(found, form), 422
    desk = letters.desk(found, sponsor=_me())
    template, language = _chosen(found, desk)
    return render_template(
        "sponsor/letter_print.html",
        match=found,
        desk=desk,
        template=template,
        text=form.text.data,
        language=language,
    )


@blueprint.get("/matches/<match_id>/letters")
@requires(Permission.WRITE_LETTERS)
def letters_sent(match_id: str) -> ResponseReturnValue:
    """The letters that went off, what came of them, and the button for the next."""
    form = SentForm(formdata=None, sent_on=letters.today_in(_me().account.time_zone))
    form.template.data, form.language.data = request.args.get("template"), request.args.get("language")
    return _page_of_letters(_writable(match_id), form)


@blueprint.post("/matches/<match_id>/letters")
@requires(Permission.WRITE_LETTERS)
def letter_sent(match_id: str) -> ResponseReturnValue:
    """I sent it."""
    found, form = _writable(match_id), SentForm()
    if not form.validate_on_submit():
        return _page_of_letters(found, form), 422
    try:
        with transaction():
            letter_actions.record_sent(
                match_id=match_id,
                by=viewer(),
                sent_on=form.sent_on.data,
                template=form.template.data,
                language=form.language.data,
            )
    except BadInput as wrong_day:
        form.sent_on.errors = [str(wrong_day)]
        return _page_of_letters(_writable(match_id), form), 422
    flash(_("Thank you for writing. Nobody can say when it arrives, or whether. It counts all the same."), "success")
    return redirect(url_for("sponsor.letters_sent", match_id=match_id))


@blueprint.post("/letters/<letter_id>/outcome")
@requires(Permission.WRITE_LETTERS)
def letter_outcome(letter_id: str) -> ResponseReturnValue:
    """What came of a letter, in the sponsor's own word."""
    letter = letters.own(viewer(), letter_id)
    if letter is None:
        raise NotFound("There is no such letter.")
    match_id, form = letter.match_id, OutcomeForm()
    if not form.validate_on_submit():
        abort(400)
    with transaction():
        letter_actions.record_outcome(letter_id=letter_id, by=viewer(), outcome=LetterState(form.outcome.data))
    flash(_("Noted. Thank you for telling us."), "success")
    return redirect(url_for("sponsor.letters_sent", match_id=match_id))


def waited(found: letters.NextLetter | None) -> LazyString | str | None:
    """How long ago the last letter went off, in words; None for less than a week, or without one."""
    if found is None or found.weeks == 0:
        return None
    if found.weeks <= len(WEEKS):
        return WEEKS[found.weeks - 1]
    return str(_("more than two months"))


def _page_to_write(match: Match, form: LetterForm) -> str:
    desk = letters.desk(match, sponsor=_me())
    template, language = _chosen(match, desk)
    begun = letters.beginning(desk, template=template, language=language)
    if not form.errors:
        form.text.data = begun.text
    return render_template(
        "sponsor/letter_write.html",
        match=match,
        desk=desk,
        form=form,
        template=template,
        language=language,
        beside=begun.beside,
        names=TEMPLATE_NAMES if desk.languages else {BLANK: TEMPLATE_NAMES[BLANK]},
    )


def _chosen(match: Match, desk: letters.Desk) -> tuple[str, str]:
    """Template and language of the page: those asked for in the address, else what suits."""
    usual = _usual(match)
    template = request.args.get("template", usual)
    language = request.args.get("language", "")
    if not desk.languages:
        return BLANK, ""
    return (
        template if template in TEMPLATE_NAMES else usual,
        language if language in desk.languages else desk.languages[0],
    )


def _usual(match: Match) -> str:
    """What suits: a first letter, then an everyday one, then one's own page; nobody gets the same words twice."""
    sent = letters.of_match(viewer(), match.id)
    if not sent:
        return "first"
    return BLANK if any(letter.template == "everyday" for letter in sent) else "everyday"


def _page_of_letters(match: Match, form: SentForm) -> str:
    sent = letters.of_match(viewer(), match.id)
    return render_template(
        "sponsor/letters.html",
        match=match,
        desk=letters.desk(match, sponsor=_me()),
        form=form,
        sent=[(letter, [state for state in LetterState if state in LETTER_MOVES[letter.state]]) for letter in sent],
    )


def _me() -> Sponsor:
    found = sponsors.own(viewer())
    if found is None:
        raise NotFound("There is no such sponsor.")
    return found


def _writable(match_id: str) -> Match:
    found = letters.writable(viewer(), match_id)
    if found is None:
        raise NotFound("There is no such match.")
    return found
