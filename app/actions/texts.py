"""Texts that coordinators edit: each change is a new version, and no version ever changes."""

from collections.abc import Mapping

from app import letters
from app.actions import audit
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import inserting, session
from app.errors import InvalidText, NotAllowed, NotFound, StaleRecord, TextProblem
from app.mail import texts as mail_texts
from app.models import TextVersion
from app.permissions import Permission, Viewer, allowed
from app.placeholders import N_
from app.places import MAIL_LANGUAGES
from app.queries import named, texts
from app.queries.texts import SEVERAL, TextKey
from app.vocabulary import TextFamily

STALE = "Somebody has saved this text since you read it. Compare the two, then decide."

NOTHING_YET = 0
"""The number of a text that nobody has edited."""


def save(*, key: TextKey, parts: Mapping[str, str], by: Viewer, seen_number: int) -> int:
    """Put these words, by part, into force as the text's next version, and return its number.

    Words that are in force already make no version. `seen_number` is the version that the words were made from,
    NOTHING_YET for none. Raises NotAllowed, NotFound for a text that there is not, StaleRecord where somebody else has
    saved since, and InvalidText naming everything that is wrong, with its place.
    """
    _check_may_edit(by, key)
    before = _in_force(key, seen_number)
    found = problems_of(key, parts, by=by)
    if found:
        raise InvalidText(found)
    return _put(key, dict(parts), by, before=before, number=seen_number + 1, action=AuditAction.EDIT_TEXT)


def go_back(*, key: TextKey, number: int, by: Viewer, seen_number: int) -> int:
    """Put the words of an earlier version into force, as a new version; `NOTHING_YET` stands for what is built in.

    Raises what `save` raises: an earlier version may hold what is no longer allowed.
    """
    _check_may_edit(by, key)
    before = _in_force(key, seen_number)
    parts = None if number == NOTHING_YET else _parts_of(key, number)
    found = problems_of(key, parts, by=by) if parts is not None else []
    if found:
        raise InvalidText(found)
    return _put(key, parts, by, before=before, number=seen_number + 1, action=AuditAction.RESTORE_TEXT)


def _check_may_edit(by: Viewer, key: TextKey) -> None:
    if not allowed(by, Permission.EDIT_TEXTS):
        raise NotAllowed("Only whoever runs the programme edits texts.")
    if not is_known(key):
        raise NotFound("There is no such text.")


def is_known(key: TextKey) -> bool:
    """Whether there is such a text to edit."""
    if key.family is TextFamily.LETTER:
        return letters.template_called(key.name) is not None and key.language == SEVERAL
    return mail_texts.declared(key.name) is not None and key.language in MAIL_LANGUAGES


def _in_force(key: TextKey, seen_number: int) -> Mapping[str, str] | None:
    """The words in force, None for those that are built in; they are what the person saw."""
    newest = texts.newest_of(key)
    if (newest.number if newest else NOTHING_YET) != seen_number:
        raise StaleRecord(STALE)
    return newest.parts if newest else None


def _parts_of(key: TextKey, number: int) -> dict[str, str] | None:
    version = texts.version_of(key, number)
    if version is None:
        raise NotFound("There is no such version.")
    return dict(version.parts) if version.parts is not None else None


def problems_of(key: TextKey, parts: Mapping[str, str], *, by: Viewer) -> list[TextProblem]:
    """Why the viewer must not keep these words, by part; empty where they may."""
    is_letter = key.family is TextFamily.LETTER
    found = letters.problems_of(parts) if is_letter else mail_texts.problems(key.name, parts)
    return [*found, *_names_in(key, parts, by)]


def _names_in(key: TextKey, parts: Mapping[str, str], by: Viewer) -> list[TextProblem]:
    """Nobody whom the viewer knows is named in a text that goes to everybody (docs/domain.md, "Do no harm" 2)."""
    is_letter = key.family is TextFamily.LETTER
    built_in = texts.built_in_letter(key.name) if is_letter else mail_texts.built_in(key.name, key.language)
    found = named.named_in(parts, viewer=by, usual=built_in.values())
    sentence = N_("“%(name)s” is somebody's name here; a text that goes to everybody names nobody")
    return [TextProblem(part, sentence, {"name": words}) for part, words in found.items()]


def _put(
    key: TextKey,
    parts: dict[str, str] | None,
    by: Viewer,
    *,
    before: Mapping[str, str] | None,
    number: int,
    action: AuditAction,
) -> int:
    if parts == before or (before is None and parts == _built_in(key)):
        return number - 1
    values = {"family": key.family, "name": key.name, "language": key.language, "number": number, "parts": parts}
    adding = inserting(TextVersion).values(**values, written_at=now(), written_by=by.account_id)
    added = session().scalar(
        adding.on_conflict_do_nothing(index_elements=["family", "name", "language", "number"]).returning(TextVersion.id)
    )
    if added is None:
        raise StaleRecord(STALE)
    changed = _differing(before or _built_in(key), parts or _built_in(key))
    audit.record(action=action, by=by.account_id, entity=AuditEntity.TEXT_VERSION, entity_id=added, fields=changed)
    return number


def _built_in(key: TextKey) -> dict[str, str]:
    """The words that are built in, by part and as a form would send them; none in a language that nobody translated."""
    if key.family is TextFamily.LETTER:
        found = texts.built_in_letter(key.name)
    else:
        found = mail_texts.built_in(key.name, key.language) if key.language in mail_texts.languages() else {}
    return {part: text.strip() for part, text in found.items()}


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The names of the parts that differ."""
    return sorted(part for part in {*before, *after} if before.get(part) != after.get(part))
