"""What a sponsor sees after logging in."""

from app.web.sponsor import letters, offices, official, settings, views
from app.web.sponsor.blueprint import blueprint

__all__ = ["blueprint", "letters", "offices", "official", "settings", "views"]
