"""Every part of the look in every state, on one page: for those who work on it. Registered in the demo only."""

from app.web.gallery.views import blueprint

__all__ = ["blueprint"]
