"""Photographs of prisoners, sent to whoever may see them at this moment (docs/threats.md, F3 and Z2)."""

from flask import Response
from flask.typing import ResponseReturnValue

from app.errors import NotFound
from app.queries import photos
from app.queries.photos import PhotoSize
from app.web.access import current_viewer, public
from app.web.public.blueprint import blueprint


@blueprint.get("/photos/<photo_id>/<size>")
@public
def photo(photo_id: str, size: str) -> ResponseReturnValue:
    """One picture. Its address opens nothing: who looks is asked each time, and nobody is told why there is none."""
    content = photos.content(current_viewer(), photo_id, PhotoSize(size)) if size in set(PhotoSize) else None
    if content is None:
        raise NotFound("There is no such photo.")
    headers = {"Content-Disposition": 'inline; filename="photo.jpg"', "X-Robots-Tag": "noindex, noimageindex"}
    return Response(content, content_type="image/jpeg", headers=headers)
