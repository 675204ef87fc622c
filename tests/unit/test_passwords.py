"""Which passwords are taken, and how they are hashed (A1, A10)."""

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from app import passwords
from app.common_passwords import is_common
from app.errors import BadInput


def test_a1_hashes_are_argon2id_with_at_least_the_least_that_is_advised() -> None:
    """The floor is OWASP's: 19 MiB, two passes, one lane."""
    found = extract_parameters(passwords.make_hash("four quite unrelated words"))

    assert found.type is Type.ID
    assert (found.memory_cost >= 19_456, found.time_cost >= 2, found.parallelism >= 1) == (True, True, True)


@pytest.mark.parametrize("password", [
    "password1234", "Password12345!", "PASSWORDPASSWORD", "123456789012", "987654321098", "qwertyuiop12",
    "1qaz2wsx3edc", "administrator", "letmein123456", "iloveyou12!!", "aaaaaaaaaaaa", "abcabcabcabc", "abcdefghijkl",
    "qwerty123456", "!!dragon2024", "justinbieber",
])  # fmt: skip
def test_a10_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(BadInput, match="guessed first"):
        passwords.check_new(password)


@pytest.mark.parametrize("password", [
    "correct horse battery staple", "only an invented password", "x7!kQ2#vLp9z", "сонца над ракой Прыпяць",
    "trzy małe koty w oknie", "a long enough one", "ÀÉÎÕÜ and so on", " spaces all around ",
])  # fmt: skip
def test_a10_there_are_no_rules_of_composition(password: str) -> None:
    passwords.check_new(password)

    assert not is_common(password)


@pytest.mark.parametrize(("length", "taken"), [(11, False), (12, True), (128, True), (129, False)])
def test_a10_a_password_has_12_to_128_characters(length: int, taken: bool) -> None:
    password = ("x7!kQ2#vLp9zéß" * 10)[:length]

    if taken:
        passwords.check_new(password)
    else:
        with pytest.raises(BadInput, match="12 to 128"):
            passwords.check_new(password)


def test_a2_what_is_no_hash_is_refused_as_slowly_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in hashings, which is what takes the time, not in seconds."""
    hashed: list[str] = []
    verify = passwords._hasher.verify

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            if stored.startswith("$argon2id$"):
                hashed.append(stored)
            return verify(stored, password)

    stored = passwords.make_hash("the right one of them")
    monkeypatch.setattr(passwords, "_hasher", Counting())
    counts = []
    for behind in (stored, None, "!erased"):
        hashed.clear()
        assert not passwords.matches(behind, "some other password")
        counts.append(len(hashed))

    assert counts == [1, 1, 1]
