"""Walking through the site as somebody who follows every link they are shown, and some that they are not."""

from collections import deque
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from tests.web.browsing import soup

MOST_PAGES = 150


def everything_reached(client: FlaskClient, *starts: str, base: str = "http://localhost") -> dict[str, str]:
    """Every page that links lead to from `starts`, by its path: headers and source, whatever its status."""
    seen: dict[str, str] = {}
    waiting = deque(starts)
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.popleft()
        if path in seen or path.startswith(("/static", "/bootstrap")):
            continue
        answer = client.get(path, base_url=base)
        text = answer.get_data(as_text=True) if answer.mimetype.startswith(("text/", "application/json")) else ""
        seen[path] = f"{answer.headers}\n{text}"
        if answer.mimetype == "text/html":
            links = [str(link["href"]) for link in soup(answer).select("a[href]")]
            waiting.extend(_own_path(link) for link in links if not urlsplit(link).netloc and link.startswith("/"))
    return seen


def _own_path(link: str) -> str:
    parts = urlsplit(link)
    return parts.path + (f"?{parts.query}" if parts.query else "")
