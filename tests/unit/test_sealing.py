"""Sealing: what is sealed opens in its own place, under its own key, and nowhere else (P1)."""

from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import SealBroken
from app.sealing import Keyring, Place

NEW, OLD, OTHER = b"n" * 32, b"o" * 32, b"x" * 32
HERE = Place("family_contact", "telephone_sealed", "aaaaaaaaaaaaaaaa")
CANARY = "Выдумка +375 00 000"


def test_p1_a_sealed_value_opens_in_its_place_and_shows_nothing_before() -> None:
    keys = Keyring([("new", NEW)])

    sealed = keys.seal(CANARY, HERE)

    assert keys.open(sealed, HERE) == CANARY
    assert "375" not in sealed
    assert sealed.startswith("s1.new.")
    assert keys.seal(CANARY, HERE) != sealed


def test_p1_ciphertext_is_as_long_for_one_short_word_as_for_another() -> None:
    keys = Keyring([("new", NEW)])
    words = ("", "a", "small_children", "w" * 32)

    sealed = [keys.seal(word, HERE) for word in words]

    assert len({len(one) for one in sealed[1:]}) == 1
    assert [keys.open(one, HERE) for one in sealed] == list(words)


def test_what_was_sealed_before_values_were_filled_up_opens() -> None:
    nonce = b"n" * 12
    content = nonce + AESGCM(NEW).encrypt(nonce, CANARY.encode(), HERE.associated_data("new"))
    before = f"s1.new.{urlsafe_b64encode(content).decode()}"

    assert Keyring([("new", NEW)]).open(before, HERE) == CANARY


def test_the_place_is_written_as_it_always_was() -> None:
    """Else nothing that stands in a database would open any more."""
    assert HERE.associated_data("new") == b'["s1", "new", "family_contact", "telephone_sealed", "aaaaaaaaaaaaaaaa"]'


@pytest.mark.parametrize("change", [{"table": "prisoner"}, {"column": "email_sealed"}, {"row_id": "bbbbbbbbbbbbbbbb"}])
def test_p1_ciphertext_moved_to_another_row_column_or_table_does_not_open(change: dict[str, str]) -> None:
    keys = Keyring([("new", NEW)])
    sealed = keys.seal(CANARY, HERE)

    with pytest.raises(SealBroken):
        keys.open(sealed, replace(HERE, **change))


@pytest.mark.parametrize("keys", [[], [("old", OLD)], [("new", OTHER)]])
def test_p2_a_missing_or_wrong_key_opens_nothing(keys: list[tuple[str, bytes]]) -> None:
    sealed = Keyring([("new", NEW)]).seal(CANARY, HERE)

    with pytest.raises(SealBroken):
        Keyring(keys).open(sealed, HERE)


def test_p2_an_older_key_goes_on_opening_while_the_first_one_seals() -> None:
    before = Keyring([("old", OLD)]).seal(CANARY, HERE)
    keys = Keyring([("new", NEW), ("old", OLD)])

    assert keys.open(before, HERE) == CANARY


def test_p1_ciphertext_under_the_name_of_another_key_does_not_open_even_with_the_same_bytes() -> None:
    sealed = Keyring([("new", NEW)]).seal(CANARY, HERE)

    with pytest.raises(SealBroken):
        Keyring([("old", NEW)]).open(sealed.replace("s1.new.", "s1.old."), HERE)


@pytest.mark.parametrize(
    "nonsense", ["", "s1", "s1.new", "s1.new.", "s1.new.AAAA", "s1.new.é", "s2.new.AAAA", "plain text"]
)
def test_p1_what_was_never_sealed_does_not_open(nonsense: str) -> None:
    with pytest.raises(SealBroken):
        Keyring([("new", NEW)]).open(nonsense, HERE)


def test_p1_one_changed_letter_is_noticed() -> None:
    keys = Keyring([("new", NEW)])
    sealed = keys.seal(CANARY, HERE)
    changed = sealed[:30] + ("A" if sealed[30] != "A" else "B") + sealed[31:]

    with pytest.raises(SealBroken):
        keys.open(changed, HERE)
