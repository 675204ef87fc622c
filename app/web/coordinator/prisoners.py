"""Prisoners: the list, and one record with its sources."""

from collections import Counter

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.errors import NotFound
from app.permissions import Permission
from app.queries import desk, events, family_contacts, matches, photos
from app.queries.people import address_lines, days_held
from app.web.access import requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.paging import page_number


@blueprint.get("/prisoners")
@requires(Permission.SEE_PRISONERS)
def prisoners() -> ResponseReturnValue:
    """Every prisoner by name; of those outside the caseload name and open seats only."""
    searched = request.args.get("q", "")[:80]
    page = desk.prisoners(viewer(), number=page_number(), searched=searched)
    return render_template("coordinator/prisoners.html", page=page, searched=searched)


@blueprint.get("/prisoners/<prisoner_id>")
@requires(Permission.SEE_PRISONERS)
def prisoner(prisoner_id: str) -> ResponseReturnValue:
    """One prisoner of the caseload: what is known, from which source and as of when, and who stands by them."""
    found = desk.prisoner(viewer(), prisoner_id)
    if found is None:
        raise NotFound("There is no such prisoner.")
    supporters = matches.live_of_prisoner(viewer(), found.id)
    return render_template(
        "coordinator/prisoner.html",
        prisoner=found,
        supporters=[(match, viewer().covers_country(match.sponsor.country)) for match in supporters],
        taken=Counter(match.kind for match in supporters),
        days_held=days_held(found),
        field_sources=sorted(found.field_sources, key=lambda source: source.field),
        address=address_lines(found),
        photo=photos.id_of(found.id),
        events=events.of_prisoner(viewer(), found.id),
        contacts=family_contacts.number_of(viewer(), found.id),
    )
