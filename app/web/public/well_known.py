"""What programs look for at fixed addresses: whom to tell of a hole in the site, and what not to index."""

from datetime import timedelta

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from app.clock import today
from app.errors import NotFound
from app.settings import current_settings
from app.web.access import public
from app.web.public.blueprint import blueprint

HOLDS_FOR = timedelta(days=300)
"""RFC 9116 wants less than a year; whoever fetches the file anew finds a later day."""

ROBOTS = "User-agent: *\nAllow: /$\nDisallow: /\n"
"""The front page may be found; names of people in prison are for whoever comes here, not for search engines."""


@blueprint.get("/.well-known/security.txt")
@public
def security_txt() -> ResponseReturnValue:
    """Whom to write to about a hole in the site (RFC 9116); nothing is here where nobody is named."""
    settings = current_settings()
    if settings.security_contact is None:
        raise NotFound("There is no such page.")
    lines = [
        f"Contact: {settings.security_contact}",
        f"Expires: {today() + HOLDS_FOR:%Y-%m-%d}T00:00:00Z",
        f"Canonical: {settings.public_url}{url_for('public.security_txt')}",
        "Preferred-Languages: en",
    ]
    return _text("\n".join(lines) + "\n")


@blueprint.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Asks search engines to leave everything but the front page alone."""
    return _text(ROBOTS)


def _text(text: str) -> Response:
    return Response(text, content_type="text/plain; charset=utf-8")
