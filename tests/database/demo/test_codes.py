"""`flask demo code`: what the log-in of the demo's staff asks for (A8)."""

from dataclasses import replace

from click.testing import Result
from flask import Flask

from app import clock
from app.actions import second_factors
from app.transaction import transaction
from tests.factories import make_coordinator


def code(app: Flask, email: str, *, demo: bool = True) -> Result:
    usual = app.config["VESTKA"]
    app.config["VESTKA"] = replace(usual, demo=demo)
    try:
        return app.test_cli_runner().invoke(args=["demo", "code", email, "--now", clock.now().isoformat()])
    finally:
        app.config["VESTKA"] = usual


def test_each_code_that_is_printed_works_once_and_the_next_one_at_once(app: Flask) -> None:
    staff = make_coordinator()
    with clock.at(clock.now()):
        for _ in range(2):
            printed = code(app, staff.email).stdout.strip()
            with transaction():
                assert second_factors.use_code(staff.id, printed)
                assert not second_factors.use_code(staff.id, printed)


def test_no_code_is_printed_outside_the_demo_or_for_somebody_without_one(app: Flask) -> None:
    staff = make_coordinator()

    outside, nobody = code(app, staff.email, demo=False), code(app, "nobody@example.org")

    assert (outside.exit_code, nobody.exit_code) == (1, 1)
    assert outside.stdout + nobody.stdout == ""
