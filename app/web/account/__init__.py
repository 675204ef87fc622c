"""One's own log-in: password, address, second factor, and the browsers that are logged in."""

from app.web.account import credentials, second_factor, views
from app.web.account.blueprint import blueprint

__all__ = ["blueprint", "credentials", "second_factor", "views"]
