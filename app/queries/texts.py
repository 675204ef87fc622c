"""Texts that coordinators edit: the version in force, those before it, and what delivery has to know of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import aliased

from app import letters
from app.database import session
from app.models import Account, Sponsor, TextVersion
from app.placeholders import Declared
from app.vocabulary import TextFamily

SEVERAL: Final = "mul"
"""The language of a text that stands in several at once (ISO 639-2)."""


@dataclass(frozen=True, slots=True)
class TextKey:
    """Which text: of which sort, for which message or template, in which language."""

    family: TextFamily
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it is listed: `by` is the address of whoever wrote it, None where the account is gone.

    `parts` are the words by the name of the part; None for what is built in.
    """

    key: TextKey
    number: int
    parts: Mapping[str, str] | None
    written_at: datetime
    by: str | None


_later = aliased(TextVersion)
_is_newest = TextVersion.number == (
    select(func.max(_later.number))
    .where(
        _later.family == TextVersion.family,
        _later.name == TextVersion.name,
        _later.language == TextVersion.language,
    )
    .scalar_subquery()
)
# Asked before each mail goes, so the statements are made once.
_EDITIONS = select(TextVersion.name, TextVersion.language, TextVersion.id).where(
    TextVersion.family == TextFamily.MAIL,
    TextVersion.name.in_([bindparam("name"), bindparam("around")]),
    TextVersion.language.in_([bindparam("wanted"), bindparam("usual")]),
    TextVersion.parts.is_not(None),
    _is_newest,
)
_PARTS = select(TextVersion.parts).where(TextVersion.id == bindparam("version"))
_NAME = select(Sponsor.name).where(Sponsor.account_id == bindparam("account"))


def mail_editions(name: str, *, around: str, wanted: str, usual: str) -> dict[tuple[str, str], str]:
    """The ids of the edited versions that are in force, by name and language: of a mail and of what stands around it,
    in the two languages at most."""
    asked = {"name": name, "around": around, "wanted": wanted, "usual": usual}
    found = session().connection().execute(_EDITIONS, asked)
    return {(of, language): version_id for of, language, version_id in found}


def mail_languages(*, besides: str) -> list[str]:
    """The languages in which coordinators have written a mail, but for one."""
    in_force = (
        select(TextVersion.language)
        .distinct()
        .where(TextVersion.family == TextFamily.MAIL, TextVersion.parts.is_not(None), _is_newest)
    )
    return sorted(language for language in session().scalars(in_force) if language != besides)


def parts_of(version_id: str) -> Mapping[str, str]:
    """The words of one version; empty for one of which nothing is known."""
    return session().scalar(_PARTS, {"version": version_id}) or {}


def recipient_name(account_id: str) -> str:
    """What a mail calls the sponsor who gets it: the first word of their name; empty where there is no sponsor."""
    return next(iter((session().scalar(_NAME, {"account": account_id}) or "").split()), "")


def letter_texts(name: str) -> Mapping[str, str]:
    """A letter template's texts by language: as they were edited, or as they are built in; empty without such one."""
    if letters.template_called(name) is None:
        return {}
    newest = newest_of(TextKey(TextFamily.LETTER, name, SEVERAL))
    return (newest.parts if newest else None) or built_in_letter(name)


def built_in_letter(name: str) -> Mapping[str, str]:
    """A letter template's texts by language, as they are built in; empty without such one."""
    template = letters.template_called(name)
    return template.texts if template else {}


def letter_placeholders() -> Declared:
    """What a letter template may ask for."""
    return letters.DECLARED


def newest_of(key: TextKey) -> Version | None:
    """The version that is in force; None for a text that nobody has edited."""
    return next(iter(_read(_versions_of(key).limit(1))), None)


def version_of(key: TextKey, number: int) -> Version | None:
    """One version by its number; None where there is none."""
    return next(iter(_read(_versions_of(key).where(TextVersion.number == number))), None)


def versions_of(key: TextKey) -> list[Version]:
    """Every version of the text, newest first."""
    return _read(_versions_of(key))


def newest_of_all() -> list[Version]:
    """The newest version of every text that somebody has edited."""
    return _read(_listed().where(_is_newest))


def newest_by_language(family: TextFamily, name: str) -> dict[str, Version]:
    """The newest version of a text in each language that somebody has edited it in."""
    found = _read(_listed().where(_is_newest, TextVersion.family == family, TextVersion.name == name))
    return {version.key.language: version for version in found}


def _listed() -> Select[TextVersion, str]:
    return select(TextVersion, Account.email_sealed).outerjoin(Account, Account.id == TextVersion.written_by)


def _versions_of(key: TextKey) -> Select[TextVersion, str]:
    wanted = _listed().where(
        TextVersion.family == key.family, TextVersion.name == key.name, TextVersion.language == key.language
    )
    return wanted.order_by(TextVersion.number.desc())


def _read(query: Select[TextVersion, str]) -> list[Version]:
    return [_version(row, Account.email.opened(sealed, row.written_by)) for row, sealed in session().execute(query)]


def _version(row: TextVersion, by: str | None) -> Version:
    return Version(TextKey(row.family, row.name, row.language), row.number, row.parts, row.written_at, by)
