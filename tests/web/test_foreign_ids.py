"""Z2: somebody else's id is answered as one that nobody has, at every route that has an id in its address."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.test_access import PEOPLE, TABLE, Scene, filled, path_of

NOBODYS = "zzzzzzzzzzzzzzz2"
"""Well-formed, and no record's."""

TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]+')
NEW_EACH_TIME = frozenset({"Content-Length", "Date", "Set-Cookie"})
"""The token of a form holds the second that it was made in, and so does the cookie."""

OWN = {("coordinator.approve_export", "coordinator_x"), ("coordinator.decline_export", "coordinator_x")}
"""Whose record it is knows that it is there, also where somebody else has to decide on it."""

TURNED_AWAY = frozenset("34")


def ids_in_address(app: Flask, endpoint: str) -> set[str]:
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    return {name for name in rule.arguments if name.endswith("_id")}


def tries(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Method, endpoint and person wherever somebody is turned away from a record."""
    for (method, endpoint), expected in sorted(TABLE.items()):
        if ids_in_address(app, endpoint):
            turned_away = [one for one, met in zip(PEOPLE, expected, strict=True) if met in TURNED_AWAY]
            yield from ((method, endpoint, one) for one in turned_away if (endpoint, one) not in OWN)


def answer_of(
    browser: FlaskClient, method: str, path: str, *, ids: dict[str, str], asked: dict[str, str]
) -> tuple[object, ...]:
    """Everything of the answer that could tell two records apart; the asked ids stand in it under one name."""
    answer = browser.open(path, method=method, data=filled(ids) if method == "POST" else None)
    body = TOKEN.sub("TOKEN", answer.get_data(as_text=True))
    for value in asked.values():
        body = body.replace(value, "ID")
    told = {name: value for name, value in answer.headers.items() if name not in NEW_EACH_TIME}
    return answer.status_code, body, sorted(told.items())


@pytest.mark.slow
def test_z2_a_foreign_id_is_answered_as_one_that_nobody_has(app_with_scene: Flask, scene: Scene) -> None:
    told_apart = []
    for method, endpoint, one in tries(app_with_scene):
        names = ids_in_address(app_with_scene, endpoint)
        nobodys = {**scene.ids, "active_match_id": NOBODYS, "run_task_id": NOBODYS, "dry_run_task_id": NOBODYS}
        nobodys |= dict.fromkeys(names, NOBODYS)
        answers = [
            answer_of(
                scene.browsers[one],
                method,
                path_of(app_with_scene, endpoint, ids),
                ids=scene.ids,
                asked={name: ids[name] for name in (*names, "active_match_id") if name in ids},
            )
            for ids in (scene.ids, nobodys)
        ]
        if answers[0] != answers[1]:
            told_apart.append((method, endpoint, one))

    assert told_apart == []


def test_z2_a_and_b_and_x_and_y_are_tried_on_each_others_records(app: Flask) -> None:
    """The table names what is whose: enough of it is somebody's alone."""
    tried = [(one, endpoint) for _method, endpoint, one in tries(app)]

    assert {"sponsor_b", "coordinator_y"} <= {one for one, _endpoint in tried}
    assert len([one for one, _endpoint in tried if one == "sponsor_b"]) > 30
    assert len([one for one, _endpoint in tried if one == "coordinator_y"]) > 20
