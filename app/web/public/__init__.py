"""Pages for everybody: the front door, signing up, logging in."""

from app.web.public import invited, login, mailed, metrics, reset, signup, views
from app.web.public.blueprint import blueprint

__all__ = ["blueprint", "invited", "login", "mailed", "metrics", "reset", "signup", "views"]
