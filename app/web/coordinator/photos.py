"""The photograph of a prisoner of the caseload: put in, shown on a recorded basis, taken out."""

from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import pictures
from app.actions import photos as photo_actions
from app.errors import BadInput, NotFound
from app.models import Photo, Prisoner
from app.permissions import Permission, allowed
from app.queries import desk, photos
from app.transaction import transaction
from app.vocabulary import Visibility
from app.web.access import current_viewer, requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.coordinator.photo_forms import REFUSALS, PhotoForm, ShowPhotoForm, UploadPhotoForm

MAX_PHOTO_REQUEST_BYTES: Final = 6_100_000
"""A photo of the largest size and the form around it. Every other request keeps the site's small limit."""


@blueprint.url_value_preprocessor
def let_photos_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Raise the limit before anything reads the form, and only for whoever keeps photos."""
    if endpoint == f"{blueprint.name}.upload_photo" and allowed(current_viewer(), Permission.KEEP_PHOTOS):
        request.max_content_length = MAX_PHOTO_REQUEST_BYTES


@blueprint.get("/prisoners/<prisoner_id>/photo")
@requires(Permission.KEEP_PHOTOS)
def photo(prisoner_id: str) -> ResponseReturnValue:
    """The photo as it is kept, and who may see it."""
    return _page(_found(prisoner_id))


@blueprint.post("/prisoners/<prisoner_id>/photo")
@requires(Permission.KEEP_PHOTOS)
def upload_photo(prisoner_id: str) -> ResponseReturnValue:
    """Take a photo in, for coordinators alone; it takes the place of the one before."""
    prisoner, form = _found(prisoner_id), UploadPhotoForm()
    if not form.validate():
        return _page(prisoner, upload=form), 422
    try:
        picture = pictures.clean(form.file.data.read())
    except pictures.PictureRefused as refused:
        form.file.errors = [REFUSALS[refused.refusal]]
        return _page(prisoner, upload=form), 422
    with transaction():
        photo_actions.put(picture, prisoner_id=prisoner_id, by=viewer(), seen=form.seen.data or "")
    flash(_("Kept. Only coordinators see it until you say who else may."), "success")
    return redirect(url_for("coordinator.photo", prisoner_id=prisoner_id))


@blueprint.post("/prisoners/<prisoner_id>/photo/show")
@requires(Permission.KEEP_PHOTOS)
def show_photo(prisoner_id: str) -> ResponseReturnValue:
    """Record who may see it, and what allows that."""
    prisoner = _found(prisoner_id)
    form = ShowPhotoForm(reach=photos.reach_of(prisoner))
    if not form.validate():
        return _page(prisoner, show=form), 422
    try:
        with transaction():
            photo_actions.show(prisoner_id=prisoner_id, by=viewer(), seen=form.seen.data or "", consent=form.consent())
    except BadInput as wrong:
        form.allowed_on.errors = [str(wrong)]
        return _page(_found(prisoner_id), show=form), 422
    flash(_("Recorded."), "success")
    return redirect(url_for("coordinator.photo", prisoner_id=prisoner_id))


@blueprint.post("/prisoners/<prisoner_id>/photo/remove")
@requires(Permission.KEEP_PHOTOS)
def remove_photo(prisoner_id: str) -> ResponseReturnValue:
    """Delete it."""
    _found(prisoner_id)
    form = PhotoForm()
    with transaction():
        photo_actions.remove(prisoner_id=prisoner_id, by=viewer(), seen=form.seen.data or "")
    flash(_("The photo is deleted."), "success")
    return redirect(url_for("coordinator.prisoner", prisoner_id=prisoner_id))


def _found(prisoner_id: str) -> Prisoner:
    found = desk.prisoner(viewer(), prisoner_id)
    if found is None:
        raise NotFound("There is no such prisoner.")
    return found


def _page(prisoner: Prisoner, *, upload: UploadPhotoForm | None = None, show: ShowPhotoForm | None = None) -> str:
    kept, reach = photos.of_prisoner(prisoner.id), photos.reach_of(prisoner)
    return render_template(
        "coordinator/photo.html",
        prisoner=prisoner,
        photo=kept,
        now=photos.narrower(kept.visibility, reach) if kept else None,
        upload=upload or UploadPhotoForm(formdata=None),
        show=show or (_show_form(kept, reach) if kept else None),
    )


def _show_form(kept: Photo, reach: Visibility) -> ShowPhotoForm:
    """The form as it was last decided."""
    said = {
        "visibility": photos.narrower(kept.visibility, reach).value,
        "basis": kept.basis.value if kept.basis else "",
        "allowed_on": kept.allowed_on,
        "source": kept.source,
    }
    return ShowPhotoForm(formdata=None, data=said, reach=reach)
