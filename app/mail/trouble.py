"""Our own mail server in trouble: the whole queue is paused, for all workers, whatever the one mail's own fate.

Every function here belongs inside `with transaction():`.
"""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import delete, exists, select

from app.database import inserting, session
from app.mail.outcomes import PAUSING, Outcome, Result, Step, Trouble, pause_after_losses
from app.models import ServerTrouble

log = structlog.get_logger()


class Watch:
    """What one worker knows of the server's trouble. Writes only when trouble begins, goes on or ends."""

    def __init__(self) -> None:
        self._troubled = session().scalar(select(exists().where(ServerTrouble.id == 1))) or False

    def see(self, result: Result, step: Step, *, moment: datetime) -> bool:
        """Take note of how a mail's try ended, and say whether the queue is paused because of it."""
        if result.outcome in PAUSING:
            self._troubled = True
            _put_down(result.reason or Trouble.SERVER_UNREACHABLE, paused_until=step.due_at)
            return True
        if result.outcome is Outcome.UNKNOWN:
            self._troubled = True
            return _lost_one(moment)
        if result.outcome is Outcome.DELIVERED and self._troubled:
            self._troubled = False
            session().execute(delete(ServerTrouble))
        return False


def _lost_one(moment: datetime) -> bool:
    """One more mail is in doubt. Several in a row are the server's doing, and would put the whole queue in doubt."""
    losses = _put_down(Trouble.BREAKS_OFF, losses=1)
    until = pause_after_losses(losses, moment=moment)
    if until is None:
        return False
    _put_down(Trouble.BREAKS_OFF, paused_until=until)
    log.warning("mail_server_breaks_off", losses=losses)
    return True


def _put_down(reason: str, *, paused_until: datetime | None = None, losses: int = 0) -> int:
    """Write the trouble down with a pause, or with so many more losses; returns how many there are in a row."""
    adding = inserting(ServerTrouble).values(id=1, reason=reason, paused_until=paused_until, losses=losses)
    changed: dict[str, Any] = {"reason": reason, "losses": ServerTrouble.losses + losses}
    if paused_until is not None:
        changed["paused_until"] = paused_until
    noting = adding.on_conflict_do_update(index_elements=["id"], set_=changed).returning(ServerTrouble.losses)
    return session().scalars(noting).one()
