"""Words that a mail's subject does not hold: whoever sees a list of mails learns nothing (docs/domain.md, "Do no
harm" 2). Pure.

Beginnings of words, in the languages that mails are written in. A guard against a slip, not a proof: what a subject
says is still for the person who writes it.
"""

import re
from typing import Final

_BEGINNINGS: Final = (
    # English, and what it shares with others.
    "prison", "jail", "politi", "detain", "detention", "detenu", "détenu", "belarus", "russia", "colony",
    "sentence", "protest", "regime", "régime", "godparent", "lukashenk", "opposition", "dissident", "kgb",
    # Belarusian, Russian, Ukrainian.
    "турм", "тюрьм", "тюрем", "в'язн", "вязн", "зняволен", "заключ", "узнік", "узник", "полит", "паліт", "політ",
    "беларус", "белорус", "білорус", "росси", "расі", "росі", "колони", "калоні", "колоні", "прыгавор",
    "приговор", "прысуд", "вирок", "протест", "пратэст", "режим", "рэжым", "арест", "арышт", "арешт",
    "лукаш", "оппозиц", "апазіц", "кгб", "кдб",
    # Polish, Lithuanian, Latvian, Czech.
    "więz", "więź", "polity", "białoru", "areszt", "wyrok", "kaliny", "kalėj", "baltarus", "cietum", "ieslodz",
    "baltkriev", "vězn", "vězeň", "bělorus",
    # German, French, Italian, Spanish, Swedish.
    "gefäng", "gefang", "häftl", "weißruss", "urteil", "biélorus", "bielorus", "carcer", "prigion", "cárcel", "preso",
    "bielorrus", "fånge", "fäng", "vitryss",
)  # fmt: skip
_TELLING: Final = re.compile(rf"(?<!\w)(?:{'|'.join(_BEGINNINGS)})[\w']*", re.IGNORECASE)


def telling_word(subject: str) -> str | None:
    """The first word that tells what the mail is about; None for a discreet subject."""
    found = _TELLING.search(subject.casefold())
    return found.group() if found else None
