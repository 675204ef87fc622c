"""Letters: the sponsor says that one went off, and later what came of it. No text of a letter ever comes in here."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.actions import audit, signs
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.errors import BadInput, NotAllowed, NotFound
from app.letters import LETTER_LANGUAGES, template_called
from app.models import Letter, Match
from app.permissions import Permission, Viewer, allowed
from app.queries import letters
from app.transitions import LETTER_MOVES, check_move
from app.vocabulary import LetterState


def record_sent(
    *, match_id: str, by: Viewer, sent_on: date, template: str | None = None, language: str | None = None
) -> Letter:
    """The sponsor posted a letter on `sent_on`; one that was begun before becomes `sent`, else a new one is.

    A second letter on one day is taken for the same form sent twice, and the first is returned. Raises NotFound unless
    the match is the sponsor's own and active, and BadInput for a day ahead of us or before the match began.
    """
    ended = signs.note(by.sponsor_id)
    match = _locked_own(match_id, by=by)
    _check_day(sent_on, match=match)
    already = _sent_on(match, sent_on)
    if already is not None:
        return already
    letter = _begun(match) or Letter(match_id=match.id, state=LetterState.DRAFT)
    check_move(LETTER_MOVES, letter.state, LetterState.SENT)
    letter.state, letter.sent_on = LetterState.SENT, sent_on
    letter.template = template if template and template_called(template) else letter.template
    letter.language = language if language in LETTER_LANGUAGES else letter.language
    letter.recorded_at, letter.recorded_by = now(), by.account_id
    session().add(letter)
    session().flush()
    sent = audit.Happening(AuditAction.LETTER_SENT, AuditEntity.LETTER, letter.id, ("state", "sent_on"))
    audit.record_many([*ended, sent], by=by.account_id)
    return letter


def record_outcome(*, letter_id: str, by: Viewer, outcome: LetterState) -> Letter:
    """The sponsor says what came of a letter. Saying the same twice changes nothing.

    Raises NotFound unless the letter is the sponsor's own and its match active, and InvalidTransition where the letter
    has no such move.
    """
    match_id = session().scalar(select(Letter.match_id).where(Letter.id == letter_id))
    if match_id is None:
        raise NotFound("There is no such letter.")
    _locked_own(match_id, by=by)
    letter = session().scalars(locked(select(Letter).where(Letter.id == letter_id))).one()
    if letter.state is outcome and outcome not in letters.UNSENT:
        return letter
    check_move(LETTER_MOVES, letter.state, outcome)
    letter.state, letter.recorded_at, letter.recorded_by = outcome, now(), by.account_id
    _audit(AuditAction.LETTER_OUTCOME, letter, by, ["state"])
    return letter


def _locked_own(match_id: str, *, by: Viewer) -> Match:
    """The match, locked: it may not end, and no second letter begin, while one is recorded."""
    if not allowed(by, Permission.WRITE_LETTERS):
        raise NotAllowed("Only sponsors write letters.")
    session().scalar(locked(select(Match).where(Match.id == match_id)))
    match = letters.writable(by, match_id)
    if match is None:
        raise NotFound("There is no such match.")
    return match


def _check_day(day: date, *, match: Match) -> None:
    zone = match.sponsor.account.time_zone
    if day > letters.today_in(zone):
        raise BadInput("That day has not come yet. Say so once the letter is in the post.")
    began = match.answered_at or match.proposed_at
    if day < began.astimezone(ZoneInfo(zone)).date():
        raise BadInput("On that day you two were not matched yet. Look at the date again.")


def _sent_on(match: Match, day: date) -> Letter | None:
    query = select(Letter).where(Letter.match_id == match.id, Letter.sent_on == day)
    return session().scalar(query.where(Letter.state.not_in(letters.UNSENT)).limit(1))


def _begun(match: Match) -> Letter | None:
    """The letter of the match that was begun last and has not gone off."""
    query = select(Letter).where(Letter.match_id == match.id, Letter.state.in_(letters.UNSENT))
    return session().scalar(query.order_by(Letter.recorded_at.desc(), Letter.id).limit(1))


def _audit(action: AuditAction, letter: Letter, by: Viewer, fields: list[str]) -> None:
    session().flush()
    audit.record(action=action, by=by.account_id, entity=AuditEntity.LETTER, entity_id=letter.id, fields=fields)
