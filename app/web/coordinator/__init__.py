"""The coordinator's desk: vetting, matching, proposals, prisoners."""

from app.web.coordinator import (
    desk,
    events,
    exports,
    imports,
    mails,
    prisoners,
    proposals,
    quarantine,
    runs,
    sponsors,
    standing,
    why_not,
)
from app.web.coordinator.blueprint import blueprint

__all__ = [
    "blueprint", "desk", "events", "exports", "imports", "mails", "prisoners", "proposals", "quarantine", "runs",
    "sponsors", "standing", "why_not",
]  # fmt: skip
