"""Whether the audit trail is what was written, and a signed line of its head to keep outside (docs/threats.md, P4).

Whoever writes to the database cannot forge an event without the site's secret, but could cut the newest ones off; and
whoever has the secret too could write the whole chain anew. A line kept elsewhere finds both.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.actions import alerts
from app.actions.audit import link_digest
from app.clock import now
from app.errors import BadInput, Conflict
from app.keys import KeyPurpose, signature
from app.models import AuditEvent
from app.queries import audit
from app.settings import current_settings

_NAME = "vestka-audit-head"
_LINE = re.compile(
    rf"{_NAME} (?P<number>\d{{1,18}}) (?P<digest>[0-9a-f]{{64}}|-) (?P<at>[0-9T:Z.+-]{{10,40}}) (?P<sign>[\w-]{{43}})"
)


class BrokenTrail(Conflict):
    """The trail is not what was written; `place` is the number of the first event that is wrong, or `head`."""

    def __init__(self, place: str, sentence: str) -> None:
        super().__init__(sentence)
        self.place = place


@dataclass(frozen=True, slots=True)
class Noted:
    """Where the trail ended once: the newest event's number and digest."""

    number: int
    digest: str


def signed_head() -> str:
    """One line that says where the trail ends now, signed by the site; the time is the signing's."""
    head = audit.head()
    if head is None:
        raise BrokenTrail("head", "The head of the trail is missing.")
    at = now().isoformat(timespec="seconds")
    return f"{_NAME} {head.number} {head.digest or '-'} {at} {_signature(str(head.number), head.digest or '-', at)}"


def noted_in(text: str) -> list[Noted]:
    """What the lines made by `signed_head` note. Raises BadInput naming the line that this site did not sign."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        read = _LINE.fullmatch(line.strip())
        if read is None:
            raise BadInput(f"line {number}: is no head of a trail")
        if not hmac.compare_digest(_signature(read["number"], read["digest"], read["at"]), read["sign"]):
            raise BadInput(f"line {number}: this site has not signed it")
        found.append(Noted(int(read["number"]), read["digest"].removeprefix("-")))
    return found


def _signature(number: str, digest: str, at: str) -> str:
    return signature(current_settings().secret_key, KeyPurpose.AUDIT_HEAD, number, digest, at)


def verify(expected: Sequence[Noted] = ()) -> Noted:
    """Walk the whole chain and give its end. Raises BrokenTrail for the first event that does not hold."""
    wanted = {noted.number: noted.digest for noted in expected}
    if len(wanted) < len({(noted.number, noted.digest) for noted in expected}):
        raise BadInput("two of the heads contradict each other")
    number, digest = 0, ""
    for found, event in audit.events():
        if found != number + 1:
            raise BrokenTrail(str(number + 1), f"Event {number + 1} is missing.")
        if event is None or event.digest != _expected_digest(event, digest):
            raise BrokenTrail(str(found), f"Event {found} is not what was written.")
        number, digest = found, event.digest
        if wanted.get(number, digest) != digest:
            raise BrokenTrail(str(number), f"Event {number} is not the one that was noted.")
    _check_end(Noted(number, digest), max(wanted, default=0))
    return Noted(number, digest)


def _expected_digest(event: AuditEvent, before: str) -> str | None:
    try:
        return link_digest(event, before)
    except (AttributeError, TypeError, ValueError):  # a value of a kind that nobody wrote
        return None


def _check_end(last: Noted, noted: int) -> None:
    newest = audit.head()
    if newest is None:
        raise BrokenTrail("head", "The head of the trail is missing.")
    if (newest.number, newest.digest) == (last.number, last.digest) and noted <= last.number:
        return
    if newest.number == last.number and noted <= last.number:
        raise BrokenTrail("head", "The head of the trail is not what was written.")
    raise BrokenTrail(str(last.number + 1), f"Event {last.number + 1} is missing.")


def tell(broken: BrokenTrail) -> None:
    """Alert the administrators. Nothing is added to the trail: what is broken stays as it was found."""
    alerts.trail_broken(place=broken.place)
