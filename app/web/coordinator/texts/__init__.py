"""Texts that coordinators edit: the words of mails, and letter templates."""

from app.web.coordinator.texts import views

__all__ = ["views"]
