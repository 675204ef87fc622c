"""Photographs: coloured squares, since no real face belongs into a test."""

from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image

from app import pictures
from app.clock import now, today
from app.models import Account, Photo, Prisoner
from app.pictures import Picture
from app.vocabulary import PublicityBasis, Visibility
from tests.factories.accounts import make_office
from tests.factories.writing import add, writing


@lru_cache
def made_picture(colour: str = "teal") -> Picture:
    """A clean picture of one colour."""
    out = BytesIO()
    Image.new("RGB", (160, 200), colour).save(out, "PNG")
    return pictures.clean(out.getvalue())


def make_photo(*, prisoner: Prisoner, by: Account | None = None, colour: str = "teal", **changes: Any) -> Photo:
    """A prisoner's photograph, for coordinators alone; one with a wider `visibility` has everything that it takes."""
    picture = made_picture(colour)
    with writing():
        account = by or make_office()
        if changes.get("visibility", Visibility.COORDINATORS) is not Visibility.COORDINATORS:
            allowed = {"basis": PublicityBasis.FAMILY_CONSENTED, "allowed_on": today(), "source": "invented"}
            changes = {**allowed, "shown_at": now(), "shown_by": account.id} | changes
        kept = {"card": picture.card, "page": picture.page, "added_at": now(), "added_by": account.id}
        return add(Photo(prisoner_id=prisoner.id, **kept | changes))
