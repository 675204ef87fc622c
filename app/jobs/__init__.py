"""Jobs: what happens without anybody waiting for it. Huey wakes the callers; the outbox table is the truth."""

from app.jobs.tasks import wake, wake_matching

__all__ = ["wake", "wake_matching"]
