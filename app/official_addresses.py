"""Which addresses are official ones of a parliament, and what such an address says of its holder. Pure.

The rule (docs/decisions/0009): an address belongs to a domain that stands on the list if its own domain is that one,
or ends with a dot and that one. Both are compared in the encoded form that goes on the wire, so that letters which only
look alike are other letters.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from app.addresses import normalised
from app.errors import BadInput

SHORTEST_NAME = 3
"""An initial may stand beside a name; alone it says nothing of who holds the address."""

_LISTED = Path(__file__).parent / "official_domains.csv"


@dataclass(frozen=True, slots=True)
class ListedDomain:
    """A domain of the list that comes with the program; `country` is None for a parliament of several."""

    country: str | None
    parliament: str
    domain: str


def listed_domains() -> list[ListedDomain]:
    """What a new site begins with: public facts, of parliaments alone."""
    with _LISTED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [ListedDomain(row["country"] or None, row["parliament"], row["domain"]) for row in rows]


def normalised_domain(typed: str) -> str:
    """A domain as mail servers see it: plain ASCII, in lower case. Raises BadInput for what is none.

    A single label is refused too: it would make everybody of a whole country official.
    """
    bare = typed.strip().lower().removeprefix("@").rstrip(".")
    try:
        domain = normalised(f"name@{bare}").rpartition("@")[2].lower()
    except BadInput as wrong:
        raise BadInput("This does not look like a domain, such as parliament.example.") from wrong
    if domain.count(".") < 1:
        raise BadInput("This does not look like a domain, such as parliament.example.")
    return domain


def domain_of(address: str) -> str:
    """The domain of an address, in the form in which domains are compared. Raises BadInput for what is no address."""
    return normalised(address).rpartition("@")[2].lower()


def domains_around(address: str) -> list[str]:
    """The address's own domain and every domain that it lies in, the longest first."""
    labels = domain_of(address).split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def is_named_after(address: str, name: str) -> bool:
    """Whether the part before the @ is a spelling of the name and nothing else: "z.beispiel" of Zuzanna Beispiel.

    At least one word of the name stands there in full; what else does is a word of it too, or an initial of one. So
    "beispiel.office" and "info" are nobody's name.
    """
    words = [word for word in _pieces(name) if word]
    pieces = _pieces(normalised(address).rpartition("@")[0])
    if not any(piece in words and len(piece) >= SHORTEST_NAME for piece in pieces):
        return False
    return all(piece in words or any(len(piece) == 1 and word.startswith(piece) for word in words) for piece in pieces)


def _pieces(text: str) -> list[str]:
    """Words in lower case and without marks, as people write their names into addresses."""
    plain = text.casefold().replace("ł", "l").replace("ø", "o").replace("đ", "d")
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return [piece for piece in re.split(r"[\W_]+", bare) if piece]
