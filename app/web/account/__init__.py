"""One's own log-in: password, address, second factor, the browsers that are logged in, and one's own data."""

from app.web.account import credentials, privacy, second_factor, views
from app.web.account.blueprint import blueprint

__all__ = ["blueprint", "credentials", "privacy", "second_factor", "views"]
