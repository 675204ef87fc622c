"""Codes of an app, against the published test vectors, and recovery codes (A8)."""

from datetime import UTC, datetime, timedelta

import pytest

from app.one_time_codes import (
    app_address,
    code_at,
    matching_step,
    new_recovery_codes,
    new_seed,
    picture,
    recovery_digest,
    step_at,
)

RFC_SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""RFC 6238, appendix B: "12345678901234567890" in base32."""

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_a8_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)

    assert code_at(RFC_SEED, step_at(moment)) == code
    assert matching_step(RFC_SEED, code, moment=moment, after=None) == seconds // 30


@pytest.mark.parametrize(("seconds", "passes"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a8_a_code_passes_a_step_early_or_late_and_no_more(seconds: int, passes: bool) -> None:
    code = code_at(RFC_SEED, step_at(NOON + timedelta(seconds=seconds)))

    assert (matching_step(RFC_SEED, code, moment=NOON, after=None) is not None) == passes


def test_a8_no_step_up_to_the_last_one_used_passes_again() -> None:
    present = step_at(NOON)

    for step in (present - 1, present):
        assert matching_step(RFC_SEED, code_at(RFC_SEED, step), moment=NOON, after=present) is None
    assert matching_step(RFC_SEED, code_at(RFC_SEED, present + 1), moment=NOON, after=present) == present + 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "٢٨٧٠٨٢", "२८७०८२"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert matching_step(RFC_SEED, typed, moment=datetime.fromtimestamp(59, UTC), after=None) is None


def test_a_code_may_be_typed_with_spaces() -> None:
    assert matching_step(RFC_SEED, " 287 082 ", moment=datetime.fromtimestamp(59, UTC), after=None) == 1


def test_the_app_is_told_a_seed_and_no_address() -> None:
    seed = new_seed()

    assert app_address(seed) == f"otpauth://totp/Vestka?secret={seed}"
    assert (len(seed), new_seed() == seed) == (32, False)
    assert picture(seed).startswith("<svg")
    assert "style=" not in picture(seed)


def test_a8_recovery_codes_are_long_all_different_and_read_however_they_are_typed() -> None:
    codes = new_recovery_codes()

    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) == 16 for code in codes)
    assert recovery_digest(codes[0]) == recovery_digest(f" {codes[0].upper().replace('-', ' ')}\n")
    assert recovery_digest(codes[0]) != recovery_digest(codes[1])
