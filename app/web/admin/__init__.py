"""What an administrator sees, and what they share with the programme's people."""

from app.web.admin import (
    canaries,
    mail,
    parliaments,
    policy,
    second_factors,
    staff,
    staff_work,
    taking_back,
    views,
    watch,
)
from app.web.admin.blueprint import blueprint

__all__ = [
    "blueprint", "canaries", "mail", "parliaments", "policy", "second_factors", "staff", "staff_work", "taking_back",
    "views", "watch",
]  # fmt: skip
