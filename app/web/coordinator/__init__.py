"""The coordinator's desk: vetting, matching, proposals, prisoners."""

from app.web.coordinator import (
    addresses,
    caseloads,
    contacts,
    desk,
    events,
    exports,
    imports,
    keeping,
    log_ins,
    mails,
    photos,
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
    "addresses", "blueprint", "caseloads", "contacts", "desk", "events", "exports", "imports", "keeping", "log_ins",
    "mails", "photos", "prisoners", "proposals", "quarantine", "runs", "sponsors", "standing", "texts", "why_not",
]  # fmt: skip
