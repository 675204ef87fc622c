"""Pages for everybody: the front door, signing up, logging in."""

from app.web.public import (
    invitation,
    invited,
    login,
    mailed,
    metrics,
    photos,
    proving,
    reset,
    signup,
    views,
    well_known,
)
from app.web.public.blueprint import blueprint

__all__ = [
    "blueprint", "invitation", "invited", "login", "mailed", "metrics", "photos", "proving", "reset", "signup", "views",
    "well_known",
]  # fmt: skip
