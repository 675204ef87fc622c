"""Lists in JSON (docs/threats.md, F2)."""

import json

import pytest

from app.errors import BadInput
from app.importing import ListStatus
from app.importing import objects as objects_room
from tests.unit.importing.lists import ALES, MACHINE, as_csv, one, staged


def test_json_and_csv_give_the_same_people() -> None:
    rows = [ALES, ALES | {"id": "8", "url": "", "name": "Алесь Вымышлены", "status": "former"}]
    full = [{heading: row.get(heading, "") for heading in MACHINE} for row in rows]
    assert staged(json.dumps(full).encode()).people == staged(as_csv(MACHINE, *rows)).people


def test_nested_records_are_read_as_flattened_ones() -> None:
    record = {key: value for key, value in ALES.items() if key not in ("articles", "prison")}
    record |= {"articles": ["first", "second"], "prison": {"title": "СИЗО-1", "address": None}, "id": 7}
    (found,) = staged(json.dumps([record]).encode()).people
    assert (found.source_id, found.articles) == ("7", ("first", "second"))
    assert found.facility is not None
    assert found.facility.title == "СИЗО-1"


def test_false_null_and_numbers_are_taken_as_the_table_writes_them() -> None:
    record = ALES | {"id": 7, "prison": False, "description": None, "birthday": 1980, "died": False}
    (found,) = staged(json.dumps([record]).encode()).people
    assert (found.source_id, found.facility, found.description) == ("7", None, None)
    assert (str(found.birth_date), found.status) == ("1980", ListStatus.HELD)


def test_a_record_that_lacks_the_status_of_the_others_is_not_recognised() -> None:
    bare = {"id": "8", "name": "Alena Prydumanaja"}
    found = staged(json.dumps([ALES, bare]).encode())
    assert [person.status for person in found.people] == [ListStatus.HELD, ListStatus.NOT_RECOGNISED]


def test_a_later_record_may_have_more_articles_than_the_first() -> None:
    first = {"id": "1", "name": "Ales Vymyshleny", "articles/0": "a"}
    second = {"id": "2", "name": "Alena Prydumanaja", "articles/0": "a", "articles/1": "b"}
    assert staged(json.dumps([first, second]).encode()).people[1].articles == ("a", "b")


def test_a_record_that_is_no_object_is_an_error_of_its_row() -> None:
    found = staged(json.dumps([ALES, 5, ALES | {"id": "9", "url": "", "name": "A"}]).encode())
    assert [error.row for error in found.errors] == [2]
    assert [person.row for person in found.people] == [1, 3]


@pytest.mark.parametrize("spoilt", ["\x00", "\ud800"])
def test_a_character_that_no_database_keeps_is_an_error_of_its_row(spoilt: str) -> None:
    (error,) = staged(json.dumps([ALES | {"description": f"a{spoilt}b"}]).encode()).errors
    assert (error.row, error.column) == (1, "description")


def test_keys_that_change_from_record_to_record_do_not_grow_without_end() -> None:
    records = [{"id": "1", "name": "A"} | {f"{at}-{n}": "" for n in range(20)} for at in range(11)]
    with pytest.raises(BadInput, match="more than 200 columns"):
        staged(json.dumps(records).encode())


def test_an_empty_list_has_no_rows() -> None:
    assert staged(b" [ ] \n").rows == 0


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b'{"people": []}', "line 1: not a list of records"),
        (b"[{}]", "heading line: no list known to us has these columns: ;"),
        (b'[{"foo": 1}]', "heading line: no list known to us has these columns: foo"),
        (b'[{"id": 1, "name": "A"},\n\n{"id": 2 "name": "B"}]', "row 2, line 3: broken JSON"),
        (b'[{"id": 1, "name": "A"}', "row 1, line 1: broken JSON"),
        (b'[{"id": 1, "name": "A"} {"id": 2}]', "row 1, line 1: broken JSON"),
        (b'[{"id": 1, "name": "A"}]\n[]', "line 2: something follows the list"),
        (b'[{"id": 1, "id": 2, "name": "A"}]', "row 1: a key stands twice"),
        (b'[{"id": 1, "name": "A", "prison/title": "a", "prison": {"title": "b"}}]', "row 1: a key stands twice"),
        (b'[{"id": NaN, "name": "A"}]', "row 1: NaN is no value of JSON"),
        (b'[{"id": 1, "name": [[[[["A"]]]]]}]', "row 1: nested too deeply"),
        (b"[" * 500_000, "row 1: nested too deeply"),
        (b"[" + b'{"a":' * 100_000, "row 1: nested too deeply"),
        (b'[{"id": 1, "name": [' + b'"A",' * 1_001 + b'"A"]}]', "row 1: more than 1,000 values"),
        (
            b'[{"id": "' + b"9" * 3_500_000 + b'"}]',
            "row 1, line 1: broken JSON, or a record of over 1,000,000 characters",
        ),
    ],
)
def test_a_broken_or_hostile_file_is_refused_in_one_line(data: bytes, complaint: str) -> None:
    with pytest.raises(BadInput) as refusal:
        staged(data, filename="list.json")
    assert str(refusal.value).startswith(f"list.json: {complaint}")


def test_a_number_of_endless_digits_is_text_and_costs_nothing() -> None:
    (error,) = staged(b'[{"name": "A", "id": ' + b"9" * 100_000 + b"}]").errors
    assert error.column == "id"


def test_records_across_the_window_are_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects_room, "MAX_RECORD", 200)
    records = [{"id": str(at), "name": f"Вымышлены-{at}", "description": "д" * (at % 100)} for at in range(500)]
    found = staged(json.dumps(records, ensure_ascii=False, indent=1).encode())
    assert [person.source_id for person in found.people] == [str(at) for at in range(500)]


def test_the_line_of_a_fault_is_counted_across_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects_room, "MAX_RECORD", 200)
    records = [{"id": str(at), "name": f"Vymyshleny-{at}"} for at in range(100)]
    text = "[\n" + ",\n".join(json.dumps(record) for record in records) + ",\n{]"
    with pytest.raises(BadInput, match="row 101, line 102: broken JSON"):
        staged(text.encode())


def test_a_record_of_json_reads_as_its_row_does() -> None:
    assert staged(json.dumps([ALES]).encode()).people == (one(ALES),)
