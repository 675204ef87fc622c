"""Sponsors."""

from collections.abc import Mapping
from typing import Any

from app.clock import now
from app.models import Sponsor, SponsorLanguage
from app.search_key import search_key
from app.vocabulary import LanguageLevel, ProfessionGroup, SponsorRole, SupportKind, VettingState
from tests.factories.accounts import make_account, make_office
from tests.factories.names import next_address, next_name
from tests.factories.writing import add, writing

FLUENT_RUSSIAN = {"ru": LanguageLevel.FLUENT}


def make_sponsor(*, languages: Mapping[str, LanguageLevel | str] = FLUENT_RUSSIAN, **changes: Any) -> Sponsor:
    """A vetted volunteer in Germany who writes Russian to up to three people.

    `languages` maps ISO 639-1 codes to levels; `email` is the address of the account that is made, unless `account` is
    given. With another `vetting_state` nobody has vetted them.
    """
    with writing():
        name = changes.setdefault("name", next_name()[0])
        email = changes.pop("email", None) or next_address(name)
        changes.setdefault("account", None)
        changes["account"] = changes["account"] or make_account(email=email)
        written = [SponsorLanguage(language=code, level=LanguageLevel(level)) for code, level in languages.items()]
        return add(Sponsor(**_usual(name) | _vetting(changes) | changes, languages=written))


def _usual(name: str) -> dict[str, Any]:
    return {
        "search_key": search_key(name),
        "role": SponsorRole.VOLUNTEER,
        "support_kind": SupportKind.LETTER_WRITER,
        "country": "DE",
        "profession_group": ProfessionGroup.EDUCATION,
        "capacity": 3,
        "letters_a_month": 2,
        "created_at": now(),
    }


def _vetting(changes: Mapping[str, Any]) -> dict[str, Any]:
    state = changes.get("vetting_state", VettingState.VETTED)
    if state is VettingState.PENDING:
        return {"vetting_state": state}
    return {"vetting_state": state, "vetted_at": now(), "vetted_by": make_office().id}
