"""What a sponsor sees after logging in."""

from app.web.sponsor import letters, settings, views
from app.web.sponsor.blueprint import blueprint

__all__ = ["blueprint", "letters", "settings", "views"]
