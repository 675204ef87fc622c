"""Rows that were decided about are known again, are kept as nothing but digests, and are taken for no other."""

import hashlib
from collections.abc import Mapping

import pytest

from app.importing import (
    Clash,
    Diff,
    Identity,
    Known,
    Memory,
    Outcome,
    Ruling,
    StagedPerson,
    compare,
    entry_of,
    identify,
    identify_all,
    recall,
)
from app.importing.combining import as_one
from app.importing.diff import Origin
from app.importing.stored import as_json, from_json
from app.partial_date import PartialDate
from app.vocabulary import DetentionStatus
from tests.unit.importing.lists import ALES, DAY, MACHINE, SOURCE, as_csv, held, one, staged

ALENA = ALES | {"id": "8", "url": "https://list.example.org/person/8", "name": "Alena Vymyshlenaja"}


def sign(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def known_as(row: Mapping[str, str]) -> Identity:
    return identify(one(row), source=SOURCE, sign=sign)


def remembered(row: Mapping[str, str], key: str | None = "held", rank: int = 0) -> Known:
    return Known(f"{row['id']}{row['name']}{rank}", known_as(row), Ruling(key, rank))


def waits(row: Mapping[str, str]) -> Known:
    return Known(f"{row['id']}{row['name']}", known_as(row))


def memory(rows: list[Mapping[str, str]], *known: Known) -> Memory:
    found = staged(as_csv(MACHINE, *rows))
    everybody = (*found.people, *(waiting.person for waiting in found.quarantined))
    return recall(identify_all(everybody, source=SOURCE, sign=sign), known)


def diff(rows: list[Mapping[str, str]], *known: Known, keys: tuple[str, ...] = ("held",)) -> Diff:
    people = [held(one(ALES), key=key, known_as=()) for key in keys]
    return compare(staged(as_csv(MACHINE, *rows)), people, memory(rows, *known))


def test_a_waiting_row_comes_back_as_it_was() -> None:
    person = one(ALES | {"url": "https://a.example.org https://b.example.org", "birthday": "1980-01"})

    assert from_json(as_json(person)) == person
    assert from_json(as_json(one({"name": "Ales", "id": "1"}))) == one({"name": "Ales", "id": "1"})


def test_an_identity_holds_no_word_of_the_row() -> None:
    text = repr(known_as(ALES))

    assert [word for word in ("Ales", "ales", "1980-", "example", "Art") if word in text] == []


@pytest.mark.parametrize("change", [{"id": "70"}, {"url": ""}, {"name": "Ales V"}, {"birthday": "1980"}])
def test_whatever_names_the_person_makes_the_identity(change: dict[str, str]) -> None:
    assert known_as(ALES | change).whole != known_as(ALES).whole


def test_what_only_describes_the_person_makes_the_wording() -> None:
    before, after = known_as(ALES), known_as(ALES | {"decision": "9 years", "description": ""})

    assert (before.whole, before.marks) == (after.whole, after.marks)
    assert before.wording != after.wording


def test_another_source_has_other_digests() -> None:
    ours, theirs = known_as(ALES), identify(one(ALES), source="other", sign=sign)

    assert ours.marks.isdisjoint(theirs.marks)
    assert ours.whole != theirs.whole


@pytest.mark.parametrize(
    ("row", "ruling"),
    [
        (ALES, Ruling("held")),
        (ALES | {"decision": "9 years"}, Ruling("held")),
        (ALES | {"name": "Ales V", "birthday": ""}, Ruling("held")),
        (ALES | {"id": "", "url": ""}, Ruling("held")),
        (ALES | {"id": "70"}, None),
        (ALES | {"id": "", "url": "https://list.example.org/70"}, None),
        (ALENA, None),
    ],
    ids=["same", "other words", "other name", "by name and birth", "other id", "other page", "somebody else"],
)
def test_a_row_is_known_by_any_mark_that_no_other_contradicts(row: dict[str, str], ruling: Ruling | None) -> None:
    assert memory([row], remembered(ALES)).rulings.get(1) == ruling


def test_a_mark_that_two_rows_bear_tells_neither() -> None:
    rows = [ALES | {"name": "Ales One"}, ALES | {"name": "Ales Two"}]

    assert memory(rows, remembered(ALES)) == Memory()


def test_word_for_word_goes_before_alike() -> None:
    twin = ALES | {"decision": "9 years"}

    found = memory([ALES, twin], remembered(ALES, "a"), remembered(twin, "b", 1))

    assert found.rulings == {1: Ruling("a", 0), 2: Ruling("b", 1)}


@pytest.mark.parametrize(
    ("others", "unclear"),
    [
        ([remembered(ALES | {"decision": "1 year"}, "held", 1)], False),
        ([remembered(ALES | {"decision": "1 year"}, "else", 1)], True),
        ([waits(ALES | {"decision": "1 year"})], True),
    ],
    ids=["agree", "disagree", "one waits"],
)
def test_rulings_hold_together_or_not_at_all(others: list[Known], unclear: bool) -> None:
    found = memory([ALES | {"decision": "9 years"}], remembered(ALES), *others)

    assert (1 in found.unclear, 1 in found.rulings) == (unclear, not unclear)


def test_one_more_of_a_name_than_was_known_is_a_matter_of_its_own() -> None:
    rows = [ALES, ALES | {"decision": "9 years"}]

    assert set(memory(rows, remembered(ALES)).rulings) == {1}


def test_a_ruling_moves_no_row_from_one_count_to_another() -> None:
    rows = [ALES, ALES | {"id": "8", "url": ""}]

    before, after = diff(rows), diff(rows, *map(remembered, rows))

    assert before.counts() == after.counts()
    assert [len(before.matters), len(after.matters)] == [1, 0]
    assert [row.held.key for row in after.settled if row.held] == ["held"]


def test_a_row_alone_follows_its_ruling() -> None:
    row = ALENA | {"decision": "9 years"}

    [entry] = diff([row], remembered(ALENA)).entries

    assert (entry.held and entry.held.key, entry.outcome) == ("held", Outcome.CHANGED)


@pytest.mark.parametrize("key", [None, "not held any more"])
def test_a_row_alone_that_was_left_out_is_quarantined_and_waits_for_nobody(key: str | None) -> None:
    found = diff([ALENA], remembered(ALENA, key))

    assert [(row.clash, row.decided) for row in found.quarantined] == [(Clash.LEFT_OUT, True)]
    assert (found.entries, found.settled, found.matters) == ((), (), ())


def test_a_former_row_that_was_left_out_is_skipped_as_before() -> None:
    row = ALENA | {"status": "former"}

    assert diff([row], remembered(row, None)).counts()["skipped"] == {"former": 1, "not_recognised": 0, "died": 0}


def test_a_row_whose_rulings_disagree_waits_for_a_person() -> None:
    names = [ALENA | {"name": "Alena One"}, ALENA | {"name": "Alena Two"}]

    found = diff([ALENA], remembered(names[0], "a"), remembered(names[1], "b", 1))

    assert [(row.clash, row.decided) for row in found.quarantined] == [(Clash.SEVERAL_HELD, False)]
    assert len(found.matters) == 1


def test_rows_of_one_person_are_one_row_whose_last_speaks_last() -> None:
    first = one(ALES | {"decision": "9 years", "description": "Poet", "birthday": "1980-01-31"})
    last = one(ALENA | {"decision": "2 years", "description": "", "birthday": "1980"})

    both = as_one([first, last])

    assert (both.name, both.sentence, both.description, both.source_id) == (last.name, "2 years", "Poet", "8")
    assert both.birth_date == PartialDate(1980, 1, 31)
    assert as_one([first]) == first


@pytest.mark.parametrize(
    ("ends", "status"),
    [
        ([{"status": "former", "release_date": "2026-01-01"}, {}], DetentionStatus.RELEASED),
        ([{"died": "2026-01-02"}, {"status": "former"}], DetentionStatus.DIED_IN_CUSTODY),
        ([{}, {}], DetentionStatus.CONVICTED),
    ],
)
def test_an_end_is_heard_whichever_row_tells_it(ends: list[dict[str, str]], status: DetentionStatus) -> None:
    both = as_one([one(ALES | end) for end in ends])

    assert both.detention_status is status
    assert (both.released_on or both.died_on or None) == (
        one(ALES | ends[0]).released_on or one(ALES | ends[0]).died_on
    )


def test_a_row_of_somebody_known_says_what_it_would_change() -> None:
    person: StagedPerson = one(ALES | {"decision": "9 years"})

    row = entry_of(person, held(one(ALES)), origin=Origin(SOURCE, DAY))

    assert [change.field for change in row.changes] == ["sentence", "sentence_years"]
