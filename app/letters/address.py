"""What stands on an envelope (domain.md, letters 5 and 11). Pure.

In Cyrillic where it is known, but for the last line: that is for the sorting office at home and for the one abroad.
"""

from dataclasses import dataclass

from app.detaining import DETAINING_COUNTRIES
from app.vocabulary import MailRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """A prisoner and the place they are held in, each part as the envelope has it; None is not known."""

    name: str
    birth_year: int | None
    facility: str | None
    street: str | None
    postcode: str | None
    city: str | None
    country: str


def address_lines(to: Addressee) -> tuple[str, ...]:
    """The whole address: name with patronymic and birth year, facility, street, postcode and city, country.

    Empty while a part is not known: half an address loses a letter.
    """
    if not to.facility or not to.street or not to.city or not to.postcode:
        return ()
    country = DETAINING_COUNTRIES.get(to.country)
    last = (country.address_line,) if country else ()
    return (_name_line(to), to.facility, to.street, f"{to.postcode} {to.city}", *last)


def envelope_lines(to: Addressee, *, route: MailRoute) -> tuple[str, ...]:
    """What the sponsor writes on the envelope by this route: the address, what the hub needs to add it, or nothing."""
    if route is MailRoute.CLOSED:
        return ()
    if route is MailRoute.VIA_HUB:
        return (_name_line(to), *filter(None, (to.facility,)))
    return address_lines(to)


def _name_line(to: Addressee) -> str:
    return f"{to.name} ({to.birth_year})" if to.birth_year else to.name
