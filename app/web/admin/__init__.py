"""What an administrator sees, and what they share with the programme's people."""

from app.web.admin import mail, policy, second_factors, views
from app.web.admin.blueprint import blueprint

__all__ = ["blueprint", "mail", "policy", "second_factors", "views"]
