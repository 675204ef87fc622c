"""The first guidance: something for every case, in whole sentences."""

from app.letters import AVOID, MAIL_ACCESS, PROMPTS, WRITE
from app.vocabulary import MailAccess


def test_there_is_advice_for_every_kind_of_mail_access() -> None:
    assert set(MAIL_ACCESS) == set(MailAccess)


def test_relatives_only_changes_the_advice_and_forbids_nothing() -> None:
    advice = MAIL_ACCESS[MailAccess.RELATIVES_ONLY]

    assert "Letters still help" in advice
    assert "don't write" not in advice.lower()


def test_every_hint_is_a_whole_sentence() -> None:
    for sentence in (*WRITE, *AVOID, *PROMPTS, *MAIL_ACCESS.values()):
        assert sentence[0].isupper()
        assert sentence[-1] in ".?"


def test_nothing_claims_that_a_letter_was_received() -> None:
    assert [s for s in (*WRITE, *AVOID, *MAIL_ACCESS.values()) if "received" in s] == []
