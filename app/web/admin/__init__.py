"""What an administrator sees."""

from app.web.admin import policy, second_factors, views
from app.web.admin.blueprint import blueprint

__all__ = ["blueprint", "policy", "second_factors", "views"]
