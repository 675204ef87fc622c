"""What an administrator sees."""

from app.web.admin import canaries, policy, views, watch
from app.web.admin.blueprint import blueprint

__all__ = ["blueprint", "canaries", "policy", "views", "watch"]
