"""The coordinator's desk: vetting, matching, proposals, prisoners."""

from app.web.coordinator import (
    desk,
    events,
    imports,
    prisoners,
    proposals,
    quarantine,
    runs,
    sponsors,
    standing,
    texts,
    why_not,
)
from app.web.coordinator.blueprint import blueprint

__all__ = [
    "blueprint", "desk", "events", "imports", "prisoners", "proposals", "quarantine", "runs", "sponsors", "standing",
    "texts", "why_not",
]  # fmt: skip
