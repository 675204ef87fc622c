"""What tests of imports do in the browser: upload, look, press."""

from io import BytesIO
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from app.database import session
from app.models import ImportUpload, Prisoner
from tests.web.browsing import soup, token_of

PAGE = "/desk/imports"
UNKNOWN = "Who,Born,Notes\nVydumka Alena,1980-01-31,nothing\nVydumka Ihar,1981-02-28,nothing\n"
"""A list whose headings nobody knows."""


def send(client: FlaskClient, content: bytes | str, filename: str = "list.csv", **said: Any) -> TestResponse:
    """The answer to uploading a list; what is said in bytes is a mapping file."""
    data = content.encode() if isinstance(content, str) else content
    fields = {"source": "viasna", "as_of": "2026-11-01", "format": "auto", "publicity": "coordinators_only"} | said
    fields = {name: file_of(value, "map.json") if isinstance(value, bytes) else value for name, value in fields.items()}
    return post(client, PAGE, **fields, csrf_token=token_of(client, PAGE), file=file_of(data, filename))


def file_of(content: bytes, filename: str = "list.csv") -> FileStorage:
    return FileStorage(BytesIO(content), filename=filename)


def post(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    """The answer to a form with files, encoded in memory: the client itself would leave a temporary file open."""
    boundary, body = encode_multipart(fields)
    return client.post(path, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def uploaded(client: FlaskClient, content: bytes | str, **said: Any) -> str:
    """Where the uploaded list is shown."""
    answer = send(client, content, **said)
    assert answer.status_code == 302, soup(answer).main.get_text(" ", strip=True)
    return str(answer.location)


def press(client: FlaskClient, path: str, button: str) -> TestResponse:
    """Press a button of the preview at `path`."""
    return client.post(f"{path}/{button}", data=carried(client, path, button))


def carried(client: FlaskClient, path: str, button: str = "apply") -> dict[str, str]:
    """What the form behind a button of the preview carries: the token, and what it was shown with."""
    form = soup(client.get(path)).find("form", action=f"{path}/{button}")
    return {field["name"]: field["value"] for field in form.find_all("input", type="hidden")}


def counts(page: BeautifulSoup) -> dict[str, int]:
    """What the tiles say: changed, new, quarantined, errors, warnings."""
    numbers = [int(tile.b.get_text(strip=True).replace(",", "")) for tile in page.select(".tile")]
    return dict(zip(("changed", "new", "quarantined", "errors", "warnings"), numbers, strict=True))


def listed(client: FlaskClient, path: str, section: str) -> list[list[str]]:
    """The cells of a section's table."""
    page = soup(client.get(f"{path}?show={section}"))
    return [[cell.get_text(" ", strip=True) for cell in tr.select("th, td")] for tr in page.select("tbody tr")]


def names() -> list[str]:
    session().rollback()
    return list(session().scalars(select(Prisoner.name).order_by(Prisoner.name)))


def waiting() -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(ImportUpload)) or 0
