"""Exports in the browser: two people, one file, once (Z7)."""

import pytest
from flask import Flask

from app.models import PERSONS_ALONE, ExportRequest
from app.watch_words import ExportState, ExportSubject
from tests.factories import fresh, make_administrator, make_coordinator, make_export, make_sponsor, writing
from tests.web.browsing import browser_of, soup, token_of


def _many() -> None:
    with writing():
        for _ in range(PERSONS_ALONE + 1):
            make_sponsor()


def test_z7_two_people_take_a_file_out_and_only_once(app: Flask) -> None:
    _many()
    asker, second = browser_of(app, make_coordinator()), browser_of(app, make_administrator())
    form = {"csrf_token": token_of(asker, "/desk/exports"), "subject": "sponsors", "reason": "For the board"}
    asked = asker.post("/desk/exports", data=form)
    waiting = soup(asker.get("/desk/exports"))
    [approving] = [one["action"] for one in soup(second.get("/desk/exports")).select("form[action$=approve]")]

    second.post(str(approving), data={"csrf_token": token_of(second, "/desk/exports")})
    downloading = str(approving).replace("approve", "download")
    token = {"csrf_token": token_of(asker, "/desk/exports")}
    file, again = asker.post(downloading, data=token), asker.post(downloading, data=token)

    assert asked.status_code == 302
    assert "A colleague has to look at it first." in waiting.get_text()
    assert not waiting.select("form[action$=download], form[action$=approve]")
    assert (file.status_code, file.mimetype) == (200, "text/csv")
    assert file.headers["Content-Disposition"].startswith('attachment; filename="vestka-sponsors-')
    assert file.headers["Cache-Control"] == "no-store"
    assert len(file.text.splitlines()) == PERSONS_ALONE + 2
    assert again.status_code == 409
    assert "You have downloaded this already. If you need it once more, ask for it again." in again.text


def test_z2_a_colleagues_export_is_not_there_and_is_not_listed(app: Flask) -> None:
    foreign = make_export(by=make_coordinator(), reason="Not for you")
    client = browser_of(app, make_coordinator())
    token = {"csrf_token": token_of(client, "/desk/exports")}

    answers = [client.post(f"/desk/exports/{key}/download", data=token) for key in (foreign.id, "nothere")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "Not for you" not in client.get("/desk/exports").text


@pytest.mark.parametrize("missing", ["subject", "reason"])
def test_what_is_missing_is_asked_for_and_nothing_is_kept(app: Flask, missing: str) -> None:
    make_sponsor()
    client = browser_of(app, make_coordinator())
    form = {"csrf_token": token_of(client, "/desk/exports"), "subject": "sponsors", "reason": "x"} | {missing: ""}

    answer = client.post("/desk/exports", data=form)

    assert answer.status_code == 422
    assert soup(answer).select(f"[data-error-summary] a[href^='#{missing}']")
    assert not soup(client.get("/desk/exports")).select("tbody tr")


def test_w1_fetching_does_not_download(app: Flask) -> None:
    staff = make_coordinator()
    export = make_export(by=staff, subject=ExportSubject.SPONSORS)

    answer = browser_of(app, staff).get(f"/desk/exports/{export.id}/download")

    assert answer.status_code == 405
    assert fresh(export).state is ExportState.APPROVED
    assert isinstance(fresh(export), ExportRequest)
