"""Editing texts: versions with who and when, one of two who saved at once, and nothing kept that must not be."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.actions import texts as actions
from app.database import session
from app.errors import InvalidText, NotAllowed, NotFound, StaleRecord
from app.models import Account, AuditEvent, TextVersion
from app.permissions import Viewer
from app.queries import accounts, texts
from app.queries.texts import SEVERAL, TextKey
from app.transaction import transaction
from app.vocabulary import StaffRole, TextFamily, VettingState
from tests.factories import make_coordinator, make_prisoner, make_sponsor
from tests.factories.texts import LETTER_DUE, WORDS, make_text

EDITING = [StaffRole.PROGRAMME, StaffRole.COORDINATOR]
FIRST = TextKey(TextFamily.LETTER, "first", SEVERAL)
LETTER = {
    language: f"{hello}, ((prisoner_given_name))\n\n((own_lines))\n\n((writer_name))"
    for language, hello in (("ru", "Привет"), ("be", "Вітаю"), ("en", "Hello"))
}


@pytest.fixture
def editor(app: Flask) -> Viewer:
    """Somebody who runs the programme, and coordinates everywhere."""
    return accounts.viewer_of(make_coordinator(roles=EDITING))


def save(by: Viewer, *, key: TextKey = LETTER_DUE, seen_number: int = 0, **changes: str) -> int:
    words = LETTER if key.family is TextFamily.LETTER else WORDS
    with transaction():
        return actions.save(key=key, parts={**words, **changes}, by=by, seen_number=seen_number)


def count() -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(TextVersion)) or 0


def audited() -> list[tuple[str, str | None, str, list[str]]]:
    events = session().scalars(
        select(AuditEvent).where(AuditEvent.entity == "text_version").order_by(AuditEvent.number)
    )
    return [(event.action, event.by_account_id, event.entity_id, event.fields) for event in events]


@pytest.mark.parametrize("key", [LETTER_DUE, FIRST, TextKey(TextFamily.MAIL, "offer", "ru")])
def test_a_saved_text_is_the_next_version_with_who_and_when(editor: Viewer, key: TextKey) -> None:
    assert save(editor, key=key) == 1

    [version] = texts.versions_of(key)
    assert (version.number, version.parts) == (1, LETTER if key is FIRST else WORDS)
    assert version.by is not None
    assert version.written_at is not None


def test_the_trail_holds_who_which_version_and_which_parts_and_never_a_word(editor: Viewer) -> None:
    save(editor)
    save(editor, seen_number=1, subject="A canary in a subject")

    ids = list(session().scalars(select(TextVersion.id).order_by(TextVersion.number)))
    assert audited() == [
        ("edit_text", editor.account_id, ids[0], ["body", "button", "heading", "subject"]),
        ("edit_text", editor.account_id, ids[1], ["subject"]),
    ]


def test_words_that_are_in_force_already_make_no_version(editor: Viewer) -> None:
    save(editor)

    assert save(editor, seen_number=1) == 1
    assert count() == 1


def test_the_built_in_words_make_no_version(editor: Viewer) -> None:
    built_in = {code: text.strip() for code, text in texts.built_in_letter("first").items()}

    assert save(editor, key=FIRST, **built_in) == 0
    assert count() == 0


def test_an_earlier_version_comes_back_as_a_new_one(editor: Viewer) -> None:
    save(editor)
    save(editor, seen_number=1, subject="Another one")

    with transaction():
        assert actions.go_back(key=LETTER_DUE, number=1, by=editor, seen_number=2) == 3

    newest = texts.newest_of(LETTER_DUE)
    assert newest is not None
    assert (newest.number, newest.parts) == (3, WORDS)
    assert audited()[-1][0] == "restore_text"
    assert audited()[-1][3] == ["subject"]


def test_the_way_back_to_what_is_built_in_is_a_version_too(editor: Viewer) -> None:
    save(editor)

    with transaction():
        actions.go_back(key=LETTER_DUE, number=actions.NOTHING_YET, by=editor, seen_number=1)

    newest = texts.newest_of(LETTER_DUE)
    assert newest is not None
    assert (newest.number, newest.parts) == (2, None)
    assert texts.mail_editions("letter_due", around="frame", wanted="en", usual="en") == {}


def test_a_version_that_is_no_longer_allowed_does_not_come_back(editor: Viewer) -> None:
    make_text(parts={**WORDS, "body": "((link))\n\n((password_hash))"})
    make_text()

    with pytest.raises(InvalidText, match="password_hash"), transaction():
        actions.go_back(key=LETTER_DUE, number=1, by=editor, seen_number=2)
    assert count() == 2


@pytest.mark.parametrize("seen_number", [0, 2, -1])
def test_whoever_saw_another_version_saves_nothing(editor: Viewer, seen_number: int) -> None:
    save(editor)

    with pytest.raises(StaleRecord), transaction():
        actions.save(key=LETTER_DUE, parts={**WORDS, "button": "Mine"}, by=editor, seen_number=seen_number)
    with pytest.raises(StaleRecord), transaction():
        actions.go_back(key=LETTER_DUE, number=1, by=editor, seen_number=seen_number)
    assert count() == 1


@pytest.mark.parametrize("family", list(TextFamily))
def test_w3_nothing_is_kept_of_a_text_that_must_not_be(editor: Viewer, family: TextFamily) -> None:
    key, part = (LETTER_DUE, "body") if family is TextFamily.MAIL else (FIRST, "be")

    with pytest.raises(InvalidText, match=r"\(\(password_hash\)\)"):
        save(editor, key=key, **{part: "((password_hash))"})
    assert count() == 0
    assert audited() == []


@pytest.mark.parametrize("written", ["Marharyta Zolatava", "Золатава Маргарыта", "for ZOLATAVA, Marharyta"])
@pytest.mark.parametrize("part", ["subject", "body"])
def test_nobody_whom_we_hold_is_named_to_everybody(editor: Viewer, part: str, written: str) -> None:
    """docs/domain.md, "Do no harm" 2."""
    make_prisoner(name="Marharyta Zolatava")
    text = written if part == "subject" else f"{written}\n\n((link))"

    with pytest.raises(InvalidText, match="names nobody"):
        save(editor, **{part: text})


@pytest.mark.parametrize("written", ["Philippa Quixotine", "Quixotine, Philippa", "Philippa-Quixotine"])
def test_no_sponsors_name_stands_in_a_subject(editor: Viewer, written: str) -> None:
    make_sponsor(name="Philippa Maria Quixotine")

    with pytest.raises(InvalidText, match=f"subject: “{written}”"):
        save(editor, subject=f"{written} writes")


def test_z5_whoever_is_of_another_region_passes_unnoticed(app: Flask) -> None:
    make_sponsor(name="Philippa Quixotine", country="FR")
    abroad = accounts.viewer_of(make_coordinator(roles=EDITING, regions=["DE"]))
    unregioned = accounts.viewer_of(make_coordinator(roles=[StaffRole.PROGRAMME], regions=["FR"]))
    own = accounts.viewer_of(make_coordinator(roles=EDITING, regions=["FR"]))
    parts = {**WORDS, "subject": "Philippa Quixotine writes"}

    assert actions.problems_of(LETTER_DUE, parts, by=abroad) == []
    assert actions.problems_of(LETTER_DUE, parts, by=unregioned) == []
    assert [problem.part for problem in actions.problems_of(LETTER_DUE, parts, by=own)] == ["subject"]


@pytest.mark.parametrize("state", [VettingState.PENDING, VettingState.REJECTED])
def test_z5_whoever_merely_signed_up_keeps_no_text_from_being_saved(editor: Viewer, state: VettingState) -> None:
    make_sponsor(name="Somebody Else", vetting_state=state)

    assert save(editor, subject="Somebody else writes") == 1


def test_words_that_are_built_in_side_by_side_are_nobodys_name(editor: Viewer) -> None:
    make_sponsor(name="Good Day")

    assert save(editor, subject="A good day for more lines") == 1


def test_words_of_one_name_that_stand_apart_are_words_like_any_others(editor: Viewer) -> None:
    make_sponsor(name="Other Gladly")

    assert save(editor, subject="Gladly, on some other day") == 1


def test_one_word_of_a_name_is_a_word_like_any_other(editor: Viewer) -> None:
    make_prisoner(name="Nadzeya Good")

    assert save(editor, subject="A good day") == 1


@pytest.mark.parametrize("roles", [["coordinator"], ["administrator"]])
def test_only_whoever_runs_the_programme_edits(app: Flask, roles: list[str]) -> None:
    by = accounts.viewer_of(make_coordinator(roles=roles))

    with pytest.raises(NotAllowed):
        save(by)
    with pytest.raises(NotAllowed), transaction():
        actions.go_back(key=LETTER_DUE, number=0, by=by, seen_number=0)


@pytest.mark.parametrize(
    "key",
    [
        TextKey(TextFamily.MAIL, "no_such_mail", "en"),
        TextKey(TextFamily.MAIL, "discreet", "en"),
        TextKey(TextFamily.MAIL, "offer", "xx"),
        TextKey(TextFamily.MAIL, "../offer", "en"),
        TextKey(TextFamily.LETTER, "first", "ru"),
        TextKey(TextFamily.LETTER, "nothing", SEVERAL),
    ],
)
def test_a_text_that_there_is_not_is_not_there(editor: Viewer, key: TextKey) -> None:
    with pytest.raises(NotFound):
        save(editor, key=key)


def test_of_many_who_save_at_once_one_is_first(app: Flask, editor: Viewer) -> None:
    def try_to_save(number: int) -> str:
        with app.app_context():
            try:
                return str(save(editor, button=f"Words {number}"))
            except StaleRecord:
                return "stale"

    with ThreadPoolExecutor(6) as threads:
        came_of_it = list(threads.map(try_to_save, range(6)))

    assert sorted(came_of_it) == ["1", *["stale"] * 5]
    assert count() == 1


def test_a_version_outlives_the_account_of_its_writer(editor: Viewer) -> None:
    save(editor)
    account = session().get_one(Account, editor.account_id)
    with transaction():
        session().delete(account)

    [version] = texts.versions_of(LETTER_DUE)
    assert (version.by, version.parts) == (None, WORDS)
