"""Who can be tried: the members of staff and the sponsors whose addresses and password the demo prints. Pure.

They are the same for every seed. The first two sponsors live in different regions and have matches; the last is
whoever of the others stood by somebody until their release, which is known only when the past has been played.
"""

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from app.demo.countries import COUNTRIES, EAST, WEST
from app.demo.dice import derived_id
from app.demo.history import Calendar
from app.demo.people import InventedSponsor, Member
from app.demo.sponsors import vetted_member
from app.permissions import EVERYWHERE
from app.vocabulary import SponsorRole, StaffRole, SupportKind, VettingState

PASSWORD = "only for the demo"  # noqa: S105  # printed for everybody to see
ADMINISTRATOR = "administrator@example.org"
AFTER_RELEASE = "after.release@example.org"
MEMBER = "parliament.west@example.org"
OFFICE = "office.west@example.org"
"""The log-in that acts for the member of a parliament."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A sponsor to try, who signed up `days_ago`.

    `waiting`: still to be vetted. `undecided`: holds an offer that they have not answered; all others have a match.
    """

    email: str
    country: str
    role: SponsorRole
    kind: SupportKind
    days_ago: int
    waiting: bool = False
    undecided: bool = False


_GODPARENT, _LETTERS = SupportKind.GODPARENT, SupportKind.LETTER_WRITER
_ROLE = SponsorRole

PERSONAS = (
    Persona(email="volunteer.west@example.org", country="DE", role=_ROLE.VOLUNTEER, kind=_LETTERS, days_ago=705),
    Persona(email="volunteer.east@example.org", country="PL", role=_ROLE.VOLUNTEER, kind=_LETTERS, days_ago=700),
    Persona(email=MEMBER, country="NL", role=_ROLE.PARLIAMENTARIAN, kind=_GODPARENT, days_ago=560),
    Persona(email="figure.east@example.org", country="CZ", role=_ROLE.PUBLIC_FIGURE, kind=_GODPARENT, days_ago=420),
    Persona(email="athlete.west@example.org", country="FR", role=_ROLE.ATHLETE, kind=_LETTERS, days_ago=290),
    Persona(
        email="artist.offer@example.org", country="LT", role=_ROLE.ARTIST, kind=_GODPARENT, days_ago=30, undecided=True
    ),
    Persona(
        email="volunteer.waiting@example.org",
        country="IT",
        role=_ROLE.VOLUNTEER,
        kind=_LETTERS,
        days_ago=3,
        waiting=True,
    ),
)


def personas(*, seed: int, calendar: Calendar) -> tuple[InventedSponsor, ...]:
    """The sponsors to try: the first of the world's sponsors."""
    return tuple(_sponsor(number, persona, seed, calendar) for number, persona in enumerate(PERSONAS))


def _sponsor(number: int, persona: Persona, seed: int, calendar: Calendar) -> InventedSponsor:
    country = next(country for country in COUNTRIES if country.code == persona.country)
    at = calendar.ago(timedelta(days=persona.days_ago))
    sponsor = vetted_member(number, seed=seed, country=country, role=persona.role, kind=persona.kind, at=at)
    sponsor = replace(sponsor, email=persona.email, held=False, capacity=1 if persona.undecided else 2)
    if not persona.waiting:
        return sponsor
    return replace(
        sponsor,
        vetting_state=VettingState.PENDING,
        vetted_at=None,
        vetting_reason=None,
        translation_offered=False,
    )


def staff(seed: int) -> tuple[Member, ...]:
    """The coordinators, the first two of whom share the countries between them, and the administrator."""
    programme = (StaffRole.COORDINATOR, StaffRole.PROGRAMME)
    members = (
        ("coordinator.west@example.org", programme, tuple(country.code for country in WEST), None),
        ("coordinator.east@example.org", programme, tuple(country.code for country in EAST), None),
        ("coordinator.caseload@example.org", (StaffRole.COORDINATOR,), (EVERYWHERE,), 7),
        (ADMINISTRATOR, (StaffRole.ADMINISTRATOR,), (), None),
    )
    return tuple(
        Member(id=derived_id(seed, "staff", email), email=email, roles=roles, regions=regions, caseload_every=every)
        for email, roles, regions, every in members
    )


def seed_of_app(email: str) -> str:
    """The seed of the app of a member of staff: always the same, and printed for everybody to see."""
    return base64.b32encode(hashlib.sha256(f"demo {email}".encode()).digest()[:20]).decode("ascii")


def printed() -> list[dict[str, Any]]:
    """The log-ins as `flask demo seed --json` prints them; whoever is staff has a second factor."""
    emails = [("sponsor", email) for email in (*(persona.email for persona in PERSONAS), AFTER_RELEASE, OFFICE)]
    emails += [
        ("coordinator" if StaffRole.COORDINATOR in member.roles else "administrator", member.email)
        for member in staff(0)
    ]
    return [
        {
            "role": role,
            "email": email,
            "password": PASSWORD,
            "totp_secret": None if role == "sponsor" else seed_of_app(email),
        }
        for role, email in emails
    ]
