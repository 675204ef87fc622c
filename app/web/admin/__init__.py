"""What an administrator sees."""

from app.web.admin import policy, views
from app.web.admin.blueprint import blueprint

__all__ = ["blueprint", "policy", "views"]
