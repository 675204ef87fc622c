"""Events: say what happened, read what follows, confirm once."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.actions import events as event_actions
from app.actions.events import MOVES, EventOrder
from app.errors import BadInput, Conflict, NotFound
from app.models import Prisoner
from app.permissions import Permission
from app.queries import desk, events
from app.queries.people import facility_line
from app.transaction import transaction
from app.vocabulary import EventType
from app.web.access import requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.coordinator.consequence_words import sentences, whom
from app.web.coordinator.event_forms import ConfirmEventForm, EventForm
from app.web.labels import options


@blueprint.get("/prisoners/<prisoner_id>/event")
@requires(Permission.RECORD_EVENTS)
def event(prisoner_id: str) -> ResponseReturnValue:
    """The form: what happened, when, and who says so."""
    prisoner = _found(prisoner_id)
    return _form_page(prisoner, _form(prisoner))


@blueprint.post("/prisoners/<prisoner_id>/event")
@requires(Permission.RECORD_EVENTS)
def event_consequences(prisoner_id: str) -> ResponseReturnValue:
    """What would follow, before anything is written."""
    prisoner = _found(prisoner_id)
    form = _form(prisoner)
    if not form.validate():
        return _form_page(prisoner, form), 422
    order = _order(prisoner, form)
    try:
        effects = event_actions.preview(order, by=viewer())
    except (BadInput, Conflict) as wrong:
        form.day.errors = [str(wrong)]
        return _form_page(prisoner, form), 422
    return render_template(
        "coordinator/event_consequences.html",
        prisoner=prisoner,
        order=order,
        place=_place_line(order, prisoner),
        sentences=sentences(order, effects),
        told=whom(effects, viewer()),
        form=_confirmation(order, prisoner),
    )


@blueprint.post("/prisoners/<prisoner_id>/event/record")
@requires(Permission.RECORD_EVENTS)
def record_event(prisoner_id: str) -> ResponseReturnValue:
    """Record it, and do everything that follows."""
    prisoner = _found(prisoner_id)
    form = ConfirmEventForm()
    if not form.validate():
        return _form_page(prisoner, _form(prisoner)), 422
    order, seen = _order(prisoner, form), form.version.data
    try:
        with transaction():
            event_actions.record(order, by=viewer(), seen_version=seen)
    except BadInput as wrong:
        raise Conflict(str(wrong)) from wrong
    flash(_("Recorded. What was announced has happened."), "success")
    return redirect(url_for("coordinator.prisoner", prisoner_id=prisoner_id))


def _found(prisoner_id: str) -> Prisoner:
    prisoner = desk.prisoner(viewer(), prisoner_id)
    if prisoner is None:
        raise NotFound("There is no such prisoner.")
    return prisoner


def _form(prisoner: Prisoner) -> EventForm:
    form = EventForm()
    places = [(place.id, facility_line(place)) for place in events.facilities(prisoner.country)]
    form.facility.choices = options([("", _("Not known, or it does not apply")), *places])
    return form


def _form_page(prisoner: Prisoner, form: EventForm) -> str:
    return render_template("coordinator/event.html", prisoner=prisoner, form=form)


def _order(prisoner: Prisoner, form: EventForm | ConfirmEventForm) -> EventOrder:
    """What the form says; a place counts only where the event leads to one."""
    kind = EventType(form.type.data)
    place = form.facility.data or None
    return EventOrder(
        prisoner_id=prisoner.id,
        type=kind,
        day=form.day.data,
        source=form.source.data,
        facility_id=place if kind in MOVES else None,
    )


def _place_line(order: EventOrder, prisoner: Prisoner) -> str:
    place = events.facility(order.facility_id, country=prisoner.country) if order.facility_id else None
    return facility_line(place)


def _confirmation(order: EventOrder, prisoner: Prisoner) -> ConfirmEventForm:
    """The order again as hidden fields; what was posted before does not speak for it."""
    return ConfirmEventForm(
        formdata=MultiDict(),
        data={
            "type": order.type.value,
            "day": order.day,
            "facility": order.facility_id or "",
            "source": order.source,
            "version": prisoner.version,
        },
    )
