"""Logs hold kinds and places, never the words of a failure: a database quotes the row that it refused (P3)."""

import json
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy.exc import IntegrityError

from tests.factories import make_sponsor


def logged(**event: Any) -> str:
    """The line that the configured log would write."""
    line: Any = event
    for processor in structlog.get_config()["processors"]:
        line = processor(None, "error", line)
    return str(line)


def test_p3_a_refused_row_leaves_no_value_in_the_log(app: Flask) -> None:
    with pytest.raises(IntegrityError) as failure:
        make_sponsor(name="Canary Name", email="canary@example.org", capacity=-1)

    line = json.loads(logged(event="unforeseen", exc_info=failure.value))

    assert line["kinds"][0] == "IntegrityError"
    assert any("make_sponsor" in place for place in line["places"])
    assert "anary" not in json.dumps(line)


def test_p3_an_injected_line_end_stays_in_its_string(app: Flask) -> None:
    assert len(logged(event="seen", note='one\n{"event": "forged"}').splitlines()) == 1
