"""A list against what is held: who is who, what changes, and what a list may never do."""

from dataclasses import replace
from datetime import date

import pytest

from app.importing import Clash, Diff, FieldChange, HeldPerson, KnownAs, Origin, Outcome, compare
from app.partial_date import PartialDate
from app.vocabulary import DetentionStatus as Detention
from app.vocabulary import FacilityKind
from tests.unit.importing.lists import ALES, DAY, ENGLISH, MACHINE, SOURCE, as_csv, convicted, held, one, staged

YEAR_BEFORE = date(2025, 11, 22)


def diff(row: dict[str, str], *people: HeldPerson, **options: object) -> Diff:
    return compare(staged(as_csv(MACHINE, row), **options), people)


def changes(row: dict[str, str], *people: HeldPerson, **options: object) -> list[tuple[str, object, object]]:
    (entry,) = diff(row, *people, **options).entries
    return [(change.field, change.old, change.new) for change in entry.changes]


def test_everybody_held_is_new_where_nobody_is_known() -> None:
    assert [entry.outcome for entry in diff(ALES).entries] == [Outcome.NEW]


@pytest.mark.parametrize(
    ("change", "kind"),
    [({"status": "former"}, "former"), ({"status": "np"}, "not_recognised"), ({"died": "2024-01"}, "died")],
)
def test_whoever_is_not_held_now_is_skipped_by_kind(change: dict[str, str], kind: str) -> None:
    assert diff(ALES | change).counts()["skipped"] == {"former": 0, "not_recognised": 0, "died": 0} | {kind: 1}


def test_the_counts_are_those_of_the_contract() -> None:
    rows = [
        ALES,
        ALES | {"id": "8", "url": "https://list.example.org/8", "name": "Alena Prydumanaja"},
        ALES | {"id": "9", "url": "https://list.example.org/9", "name": "Janka Uzorny", "status": "np"},
        ALES | {"id": "10", "url": "https://list.example.org/10", "name": "Ihar Probny"},
        ALES | {"id": "10", "url": "https://list.example.org/11", "name": "Ihar Inakshy"},
        ALES | {"id": "12", "url": "", "name": "Julia Kazachnaja", "arrested": "2021-02-30"},
        ALES | {"id": "13", "url": "", "name": "Maryja Niajisnaja"},
    ]
    found = compare(
        staged(as_csv(MACHINE, *rows)),
        [held(one(rows[0]), key="a"), held(one(rows[1] | {"gender": "female"}), key="b")],
    )
    assert found.counts() == {
        "rows": 7,
        "new": 1,
        "changed": 1,
        "unchanged": 1,
        "skipped": {"former": 0, "not_recognised": 1, "died": 0},
        "quarantined": 2,
        "errors": [{"row": 6, "column": "arrested", "message": "“2021-02-30” is not a day of the calendar"}],
    }
    assert [(entry.held.key, entry.person.row) for entry in found.of(Outcome.CHANGED) if entry.held] == [("b", 2)]


def test_a_second_import_changes_nothing() -> None:
    assert changes(ALES, held(one(ALES))) == []


@pytest.mark.parametrize(
    ("change", "known"),
    [({}, True), ({"name": "Ihar Inakshy"}, False), ({"url": "https://list.example.org/8"}, False)],
)
def test_a_list_under_another_name_knows_its_people_by_address_and_name(change: dict[str, str], known: bool) -> None:
    row = ALES | {"birthday": ""}
    before = held(one(row), source="the same list, named otherwise")
    (entry,) = diff(row | {"id": ""} | change, before).entries
    assert entry.held == (before if known else None)


def test_a_changed_value_is_told_field_by_field() -> None:
    row = ALES | {"decision": "6 years", "prison": "ИК №4", "name": "Aleś Vymyšleny"}
    before = held(one(ALES))
    assert changes(row, before) == [
        ("name_latin", "Ales Vymyshleny", "Aleś Vymyšleny"),
        ("sentence", "4 1/2 years", "6 years"),
        ("sentence_years", 4.5, 6.0),
        ("facility", before.facility, one(row).facility),
    ]


def test_a_missing_value_never_erases_what_is_held() -> None:
    row = {"id": "7", "name": "Ales Vymyshleny", "status": "active"}
    assert changes(row, held(one(ALES))) == []


def test_a_date_that_is_less_exact_is_no_change_and_a_more_exact_one_is() -> None:
    assert changes(ALES | {"birthday": "1980"}, held(one(ALES))) == []
    year_only = held(one(ALES | {"birthday": "1980"}))
    assert changes(ALES, year_only) == [("birth_date", PartialDate(1980), PartialDate(1980, 1, 31))]


def test_the_same_facility_in_another_script_is_no_move() -> None:
    assert changes(ALES | {"prison": "ИК №1, 211440, г. Новополоцк, ул. Техническая, 8"}, held(one(ALES))) == []


def test_a_place_of_no_known_kind_never_replaces_one() -> None:
    assert changes(ALES | {"prison": "Guest house No. 3"}, held(one(ALES))) == []


def test_a_name_in_another_script_is_added_and_the_written_one_left() -> None:
    found = changes(ALES | {"name": "Алесь Вымышлены"}, held(one(ALES)))
    assert found == [("name_cyrillic", None, "Алесь Вымышлены")]


def test_a_name_in_no_known_script_is_compared_as_written() -> None:
    person = held(one(ALES | {"name": "虚构人"}))
    assert changes(ALES | {"name": "虚构的人"}, person) == [("name", "虚构人", "虚构的人")]


def test_a_coordinators_word_is_not_overruled_and_gaps_are_filled() -> None:
    by_hand = convicted(known_as=(KnownAs(SOURCE, "7"),), sentence="5 years", sentence_years=5.0)
    found = changes(ALES, by_hand)
    assert not {"sentence", "sentence_years", "detention_status"} & {field for field, _, _ in found}
    assert ("penalty", None, ALES["penalty"]) in found


def test_another_source_fills_gaps_and_overrules_nothing() -> None:
    elsewhere = held(one(ALES | {"decision": "5 years", "description": ""}), source="another list")
    introduction = ("known_as", None, KnownAs(SOURCE, "7", ALES["url"]))
    assert changes(ALES, elsewhere) == [introduction, ("description", None, "Teacher")]


def test_an_id_that_a_source_gives_later_is_added_and_its_address_kept() -> None:
    person = replace(held(one(ALES)), known_as=(KnownAs(SOURCE, None, "https://list.example.org/en/7"),))
    row = ALES | {"url": "https://list.example.org/en/7"}
    before, after = person.known_as[0], KnownAs(SOURCE, "7", "https://list.example.org/en/7")
    assert changes(row, person) == [("known_as", before, after)]
    assert changes(ALES, replace(person, known_as=(after,))) == []


def test_an_older_edition_overrules_nothing_of_a_newer_one() -> None:
    newer = held(one(ALES | {"decision": "5 years"}))
    assert changes(ALES, newer, as_of=YEAR_BEFORE) == []
    assert changes(ALES | {"status": "former"}, newer, as_of=YEAR_BEFORE) == []


def test_a_release_is_a_proposal_with_its_day() -> None:
    found = changes(ALES | {"status": "former", "release_date": "2026-05-01"}, held(one(ALES)))
    assert found == [
        ("detention_status", Detention.CONVICTED, Detention.RELEASED),
        ("released_on", None, PartialDate(2026, 5, 1)),
    ]


def test_a_death_is_a_proposal_whichever_list_tells_it() -> None:
    found = changes(ALES | {"died": "2026-05"}, held(one(ALES), source="another list"))
    assert [change for change in found if change[0] != "known_as"] == [
        ("detention_status", Detention.CONVICTED, Detention.DIED_IN_CUSTODY),
        ("died_on", None, PartialDate(2026, 5)),
    ]


def test_a_release_told_twice_is_unchanged() -> None:
    gone = ALES | {"status": "former", "release_date": "2026-05-01"}
    (entry,) = diff(gone, held(one(gone))).entries
    assert entry.outcome is Outcome.UNCHANGED


def test_a_withdrawn_recognition_changes_no_detention_status() -> None:
    (entry,) = diff(ALES | {"status": "np"}, held(one(ALES))).entries
    assert entry.outcome is Outcome.UNCHANGED


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        (Detention.UNKNOWN, {}, True),
        (Detention.AWAITING_TRIAL, {}, True),
        (Detention.CONVICTED, {"penalty": "home confinement"}, True),
        (Detention.HOME_CONFINEMENT, {}, True),
        (Detention.CONVICTED, {"decision": "", "verdict_date": "", "penalty": "", "prison": "СИЗО-1"}, False),
        (Detention.IN_TRANSFER, {}, False),
        (Detention.RELEASED, {}, False),
        (Detention.DIED_IN_CUSTODY, {}, False),
        (Detention.DIED_IN_CUSTODY, {"status": "former"}, False),
        (Detention.RELEASED, {"died": "2026-01-01"}, False),
        (Detention.IN_TRANSFER, {"status": "former"}, True),
        (Detention.RETURNED_TO_CUSTODY, {}, False),
        (Detention.RETURNED_TO_CUSTODY, {"status": "former"}, False),
        (Detention.RETURNED_TO_CUSTODY, {"died": "2026-01-01"}, True),
    ],
)
def test_a_list_never_undoes_an_event(before: Detention, after: dict[str, str], *, moves: bool) -> None:
    person = replace(held(one(ALES)), detention_status=before)
    assert ("detention_status" in [field for field, _, _ in changes(ALES | after, person)]) is moves


@pytest.mark.parametrize(("released", "moves"), [("2026-02-01", False), ("2026-09-01", True), ("2026-09", False)])
def test_somebody_back_in_custody_is_released_only_by_a_later_release(released: str, *, moves: bool) -> None:
    back = replace(held(one(ALES)), detention_status=Detention.RETURNED_TO_CUSTODY, status_since=date(2026, 6, 1))
    found = changes(ALES | {"status": "former", "release_date": released}, back)
    assert ("detention_status" in [field for field, _, _ in found]) is moves
    assert ("released_on" in [field for field, _, _ in found]) is moves


@pytest.mark.parametrize(
    "known",
    [KnownAs(SOURCE, "7"), KnownAs(SOURCE, None, ALES["url"]), KnownAs(SOURCE, "7", "https://list.example.org/be/7")],
)
def test_a_person_is_known_by_the_sources_id_or_address(known: KnownAs) -> None:
    person = replace(held(one(ALES | {"name": "Another Name", "birthday": ""})), known_as=(known,))
    (entry,) = diff(ALES, person).entries
    assert entry.held is person


def test_the_id_of_another_source_means_nothing() -> None:
    stranger = convicted(name="Janka Uzorny", known_as=(KnownAs("another list", "7", ALES["url"]),))
    assert [entry.outcome for entry in diff(ALES, stranger).entries] == [Outcome.NEW]


def test_a_person_of_another_list_is_known_by_name_and_birth_date() -> None:
    same = convicted(birth_date=PartialDate(1980, 1, 31))
    (entry,) = diff(ALES | {"name": "ALES  Vymyshleny"}, same).entries
    assert entry.held is same


@pytest.mark.parametrize("birth_date", [None, PartialDate(1980), PartialDate(1980, 2, 1)])
def test_a_name_without_the_same_birth_date_is_somebody_else(birth_date: PartialDate | None) -> None:
    assert [entry.outcome for entry in diff(ALES, convicted(birth_date=birth_date)).entries] == [Outcome.NEW]


def test_a_row_with_a_name_alone_is_known_again_by_its_own_source_only() -> None:
    data = as_csv(ENGLISH, {"Name and surname": "Ales Vymyshleny", "Status": "Political prisoner"})
    (person,) = staged(data).people
    assert [entry.outcome for entry in compare(staged(data), [held(person)]).entries] == [Outcome.UNCHANGED]
    assert [entry.outcome for entry in compare(staged(data), [held(person, source="x")]).entries] == [Outcome.NEW]
    assert [entry.outcome for entry in compare(staged(data), [convicted()]).entries] == [Outcome.NEW]


def clashes(row: dict[str, str], *people: HeldPerson) -> list[Clash]:
    return [wait.clash for wait in diff(row, *people).quarantined]


def test_a_row_that_fits_two_held_people_waits() -> None:
    born = PartialDate(1980, 1, 31)
    twins = [convicted(key="a", birth_date=born), convicted(key="b", birth_date=born)]
    assert clashes(ALES, *twins) == [Clash.SEVERAL_HELD]
    by_id, by_address = KnownAs(SOURCE, "7"), KnownAs(SOURCE, None, ALES["url"])
    strangers = [convicted(key="a", known_as=(by_id,)), convicted(key="b", known_as=(by_address,))]
    assert clashes(ALES, *strangers) == [Clash.SEVERAL_HELD]


def test_the_same_name_and_birth_date_under_another_id_of_the_source_waits() -> None:
    assert clashes(ALES | {"id": "8", "url": ""}, held(one(ALES))) == [Clash.OTHER_SOURCE_ID]
    assert clashes(ALES | {"id": "", "url": "https://list.example.org/8"}, held(one(ALES))) == [Clash.OTHER_SOURCE_ID]


def test_two_rows_that_fit_one_held_person_both_wait() -> None:
    by_id = ALES | {"name": "Another Name", "birthday": "", "url": ""}
    by_name = ALES | {"id": "", "url": ""}
    found = compare(staged(as_csv(MACHINE, by_id, by_name)), [held(one(ALES))])
    assert [(wait.person.row, wait.clash) for wait in found.quarantined] == [
        (1, Clash.SEVERAL_ROWS),
        (2, Clash.SEVERAL_ROWS),
    ]
    assert found.counts()["quarantined"] == 2


def test_waiting_rows_stand_in_the_order_of_the_file() -> None:
    new_id = ALES | {"id": "8", "url": ""}
    twice = {"id": "9", "name": "Ihar Probny"}
    found = compare(staged(as_csv(MACHINE, new_id, twice, twice)), [held(one(ALES))])
    assert [wait.person.row for wait in found.quarantined] == [1, 2, 3]


def test_origins_decide_field_by_field() -> None:
    before = held(one(ALES | {"decision": "5 years", "penalty": "another"}))
    mixed = replace(before, origins={**before.origins, "penalty": Origin("another list", DAY)})
    assert [field for field, _, _ in changes(ALES, mixed)] == ["sentence", "sentence_years"]


def test_a_new_kind_of_place_is_told_as_values() -> None:
    (entry,) = diff(ALES | {"prison": "Prison No. 4"}, held(one(ALES))).entries
    (change,) = entry.changes
    assert isinstance(change, FieldChange)
    assert one(ALES | {"prison": "Prison No. 4"}).facility == change.new
    assert getattr(change.new, "kind", None) is FacilityKind.PRISON
