"""The front door: home, the public list, how it works, the safety notice, and whether the program is well."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.queries import health
from app.queries import people as public_people
from app.settings import current_settings
from app.web import privacy_words
from app.web.access import public
from app.web.paging import page_number
from app.web.public.blueprint import blueprint


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """What this is, who runs it, and who must not use it."""
    return render_template("public/home.html", cards=public_people.some_public())


@blueprint.get("/people")
@public
def people() -> ResponseReturnValue:
    """Everybody whose case is public, for a recorded reason; no counts, no seats, no names of sponsors."""
    searched = request.args.get("q", "")[:80]
    return render_template(
        "public/people.html", page=public_people.public_page(page_number(), searched=searched), searched=searched
    )


@blueprint.get("/how-it-works")
@public
def how() -> ResponseReturnValue:
    """What sponsors do and what they are asked not to do."""
    return render_template("public/how.html")


@blueprint.get("/safety")
@public
def safety() -> ResponseReturnValue:
    """Who must not use this site, what is kept, and how to stay safe."""
    return render_template("public/safety.html")


@blueprint.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """What is kept, why and how long, from the list that the purge goes by."""
    return render_template("public/privacy.html", sections=list(privacy_words.sections()))


@blueprint.get("/erased")
@public
def erased() -> ResponseReturnValue:
    """Where somebody comes out who erased themselves; anybody may read it."""
    return render_template("public/erased.html")


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process is up."""
    return {"status": "up"}


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Database and queue answer; else a 503 page."""
    health.check_database()
    settings = current_settings()
    if settings.embedded:  # else the queue stands in the database that has just answered
        health.check_queue(settings.queue_file)
    return {"status": "ready"}
