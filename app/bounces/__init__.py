"""Bounces: mail that comes back. Pure: mailboxes are read, and what mail servers report is understood.

Whether a report is to be believed is not known here; `app.queries.return_paths` knows our own mails.
"""

from app.bounces.mailbox import Mark, Unreadable, following, messages
from app.bounces.report import Fate, Report, read

__all__ = ["Fate", "Mark", "Report", "Unreadable", "following", "messages", "read"]
