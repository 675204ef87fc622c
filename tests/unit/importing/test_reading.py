"""Whole lists: every header shape, rows that cannot be taken, files that cannot be read."""

import io
from pathlib import Path

import pytest

from app.errors import BadInput
from app.importing import Clash, Field, ListStatus, StagedFacility, read_mapping
from app.vocabulary import DetentionStatus, FacilityKind, Gender
from tests.unit.importing.lists import ALES, CHINESE, ENGLISH, MACHINE, RUSSIAN, as_csv, one, staged


def test_a_machine_row_is_read_field_by_field() -> None:
    found = one(ALES)
    assert (found.row, found.name, found.name_latin, found.name_cyrillic) == (
        1,
        "Ales Vymyshleny",
        "Ales Vymyshleny",
        None,
    )
    assert (found.source_id, found.source_url) == ("7", "https://list.example.org/person/7")
    assert (found.status, found.detention_status) == (ListStatus.HELD, DetentionStatus.CONVICTED)
    assert (found.gender, found.description) == (Gender.MALE, "Teacher")
    assert [str(day) for day in (found.birth_date, found.arrested_on, found.verdict_on)] == [
        "1980-01-31",
        "2021-03-04",
        "2021-09-01",
    ]
    assert (found.sentence, found.sentence_years) == ("4 1/2 years", 4.5)
    assert found.articles == ("Art. 342", "Art. 130")
    assert found.facility == StagedFacility(
        title="Penal colony No. 1",
        kind=FacilityKind.COLONY,
        number="1",
        postcode="211440",
        city="Navapolack",
        street="vulica Technicnaja 8",
    )


def test_the_flattened_variant_is_read_in_the_order_of_its_numbers() -> None:
    headings = ["id", "name", "status", *(f"articles/{n}" for n in (10, 2, 0)), "prison/title", "prison/address"]
    headings += ["articles", "prison"]
    row = ["7", "Ales Vymyshleny", "active", "third", "second", "first", "СИЗО-1", "FALSE", "FALSE", "FALSE"]
    (found,) = staged(as_csv(headings, row)).people
    assert found.articles == ("first", "second", "third")
    assert found.facility == StagedFacility(title="СИЗО-1", kind=FacilityKind.PRETRIAL, number="1")


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        (
            ENGLISH,
            "Ales Vymyshleny|Political prisoner|1985-03|Male|april 2026|Art. 1\nArt. 2|29 September 2026|3 years|"
            "imprisonment|N. N.|N. N.|Prison No. 4",
        ),
        (
            RUSSIAN,
            "Ales Vymyshleny|Политзаключенный|март 1985|Мужчина|апрель 2026|Art. 1\nArt. 2|29.09.2026|3 года|"
            "лишение свободы|||Тюрьма №4",
        ),
    ],
)
def test_both_labelled_shapes_give_the_same_person(headings: list[str], row: str) -> None:
    (found,) = staged(as_csv(headings, row.split("|"))).people
    assert (found.status, found.gender, found.sentence_years) == (ListStatus.HELD, Gender.MALE, 3.0)
    assert [str(day) for day in (found.birth_date, found.arrested_on, found.verdict_on)] == [
        "1985-03",
        "2026-04",
        "2026-09-29",
    ]
    assert found.articles == ("Art. 1", "Art. 2")
    assert found.facility is not None
    assert found.facility.identity == (FacilityKind.PRISON, "4")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Former political prisoner\nRecognized ex post facto", ListStatus.FORMER),
        ("", ListStatus.NOT_RECOGNISED),
        ("unknown", ListStatus.NOT_RECOGNISED),
    ],
)
def test_labelled_statuses_are_skipped_unless_they_say_held(status: str, expected: ListStatus) -> None:
    row = {"Name and surname": "Ales Vymyshleny", "Status": status, "Date of birth": "unknown"}
    found = one(row, ENGLISH)
    assert (found.status, found.birth_date) == (expected, None)


def test_a_list_with_several_addresses_in_a_cell_keeps_them_all() -> None:
    row = {
        "Name": "虚构人（Xugou Ren）",
        "Gender": "female",
        "Date of Birth": "1960",
        "Place": "虚构城",
        "Sentence": "life",
        "Source": "https://list.example.org/1 https://list.example.org/2",
    }
    found = one(row, CHINESE)
    assert (found.name, found.name_latin, found.name_cyrillic) == ("虚构人（Xugou Ren）", "Xugou Ren", None)
    assert (found.source_url, found.other_urls) == ("https://list.example.org/1", ("https://list.example.org/2",))
    assert (found.status, found.sentence_years, found.home_area) == (ListStatus.HELD, 99.0, "虚构城")


def test_an_address_that_is_no_web_address_is_never_kept() -> None:
    assert one(ALES | {"url": "javascript:alert(1)"}).source_url is None


def test_headings_are_found_in_any_order_and_case_and_unknown_ones_are_named() -> None:
    found = staged(as_csv(["Mood", "NAME", " Status ", "Id"], ["good", "Ales Vymyshleny", "active", "7"]))
    assert [person.name for person in found.people] == ["Ales Vymyshleny"]
    assert [(warning.row, warning.column) for warning in found.warnings] == [(0, "Mood")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiters_of_all_offices_are_read(delimiter: str) -> None:
    assert staged(as_csv(MACHINE, ALES, delimiter=delimiter)).people[0].source_id == "7"


def test_a_mapping_reads_an_unknown_list() -> None:
    data = as_csv(["Imię", "Urodziny", "Więzienie"], ["Ales Vymyshleny", "1980", "Prison No. 4"])
    mapping = {"imię": "name", "Urodziny": "birth_date", "Więzienie": "facility"}
    (found,) = staged(data, mapping=mapping).people
    assert (found.name, str(found.birth_date), found.status) == ("Ales Vymyshleny", "1980", ListStatus.HELD)


@pytest.mark.parametrize(
    ("mapping", "complaint"),
    [
        ({"Imię": "surname"}, "“surname” is no field"),
        ({"Imię": "birth_date"}, "no column is mapped to “name”"),
        ({"Imię": "name", "Wiek": "birth_date"}, "the column “wiek” is missing"),
        ({"Imię": "name", "Nazwisko": "name"}, "“imię” and “nazwisko” are both mapped to “name”"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping: dict[str, str], complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        staged(as_csv(["Imię"], ["Ales Vymyshleny"]), mapping=mapping)


def test_a_mapping_file_is_a_flat_json_object() -> None:
    assert read_mapping(b'{"Imi\xc4\x99": "name"}', filename="map.json") == {"Imię": Field.NAME}


@pytest.mark.parametrize("data", [b"[]", b"{", b'{"a": {"b": "name"}}', b"[" * 100_000])
def test_another_mapping_file_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"^map.json: a mapping is a JSON object"):
        read_mapping(data, filename="map.json")


def test_formula_like_text_stays_text() -> None:
    formula = '=HYPERLINK("https://evil.example","+1")'
    assert one(ALES | {"description": formula, "name": "@Ales Vymyshleny"}).description == formula


def test_unseen_characters_are_left_out_and_lines_of_a_name_joined() -> None:
    found = one(ALES | {"name": "Ales\u202e\r\nVymy\u200bshleny", "description": "one\x07 two"})
    assert (found.name, found.description) == ("Ales Vymyshleny", "one two")


def test_literal_nothings_are_nothing() -> None:
    row = ALES | dict.fromkeys(["description", "birthday", "articles", "prison", "decision", "penalty"], "FALSE")
    found = one(row | {"arrested": "unknown", "gender": "-"})
    assert (found.description, found.birth_date, found.articles, found.facility) == (None, None, (), None)
    assert (found.sentence, found.penalty, found.arrested_on, found.gender) == (None, None, None, None)


def test_rows_of_a_wrong_width_are_errors_and_the_rest_goes_on() -> None:
    headings = ["id", "name", "status"]
    data = as_csv(headings, ["1", "Ales Vymyshleny"], ["2", "Alena Prydumanaja", "active"], ["3", "a", "b", "c"])
    found = staged(data)
    assert [(error.row, error.column, error.message) for error in found.errors] == [
        (1, None, "2 fields where the heading line has 3"),
        (3, None, "4 fields where the heading line has 3"),
    ]
    assert [(person.row, person.name) for person in found.people] == [(2, "Alena Prydumanaja")]
    assert found.rows == 3


@pytest.mark.parametrize(
    "column", ["birthday", "arrested", "verdict_date", "release_date", "died", "appeal_date", "decision"]
)
def test_an_impossible_day_in_any_column_is_an_error_of_its_row(column: str) -> None:
    (error,) = staged(as_csv(MACHINE, ALES | {column: "2021-02-30"})).errors
    assert (error.row, error.column) == (1, column)
    assert "“2021-02-30” is not a day of the calendar" in error.message


def test_the_second_of_two_columns_of_the_same_kind_is_checked_too() -> None:
    row = ALES | {"penalty_start_date": "2021-02-03", "appeal_date": "2021-02-30"}
    assert [error.column for error in staged(as_csv(MACHINE, row)).errors] == ["appeal_date"]


def test_the_first_of_two_columns_of_the_same_kind_is_kept() -> None:
    mapping = {"a": "birth_date", "b": "birth_date", "name": "name"}
    (found,) = staged(as_csv(["a", "b", "name"], ["1980", "1990", "Ales Vymyshleny"]), mapping=mapping).people
    assert str(found.birth_date) == "1980"


def test_a_row_with_several_faults_is_one_error() -> None:
    row = ALES | {"birthday": "1954-02-29", "arrested": "2021-02-30"}
    assert [error.column for error in staged(as_csv(MACHINE, row)).errors] == ["birthday"]


def test_an_unreadable_date_is_left_out_with_a_warning_and_the_person_stays() -> None:
    found = staged(as_csv(MACHINE, ALES | {"birthday": "1952-08021"}))
    assert found.people[0].birth_date is None
    assert [(warning.row, warning.column) for warning in found.warnings] == [(1, "birthday")]


def test_a_status_nobody_knows_is_no_recognition_and_is_told() -> None:
    found = staged(as_csv(MACHINE, ALES | {"status": "in the clouds"}))
    assert found.people[0].status is ListStatus.NOT_RECOGNISED
    assert "in the clouds" in found.warnings[0].message


@pytest.mark.parametrize("row", [ALES | {"name": ""}, ALES | {"name": "x" * 201}, ALES | {"id": "1" * 121}])
def test_a_row_without_a_name_or_with_an_endless_one_is_an_error(row: dict[str, str]) -> None:
    assert len(staged(as_csv(MACHINE, row)).errors) == 1


def test_text_longer_than_any_record_holds_is_cut_with_a_warning() -> None:
    found = staged(as_csv(MACHINE, ALES | {"penalty": "x" * 401}))
    assert found.people[0].penalty == "x" * 399 + "…"
    assert found.warnings[0].column == "penalty"


def test_a_quoted_cell_of_several_lines_is_one_row_and_blank_lines_are_none() -> None:
    data = b'id,name,status\r\n\r\n1,"Ales\r\nVymyshleny",active\r\n\r\n2,Alena,bad,row\r\n'
    found = staged(data)
    assert (found.rows, found.people[0].name) == (2, "Ales Vymyshleny")
    assert found.errors[0].row == 2


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "list.csv: the file is empty"),
        (b"\n\n", "list.csv: the file is empty"),
        (b"foo,bar\n1,2\n", "list.csv: heading line: no list known to us has these columns: foo, bar"),
        (b"id,name,ID\n", "list.csv: heading line: columns 1 and 3 are both “ID”"),
        (
            b"id,name," + b",".join(b"%d" % n for n in range(199)) + b"\n",
            "list.csv: heading line: more than 200 columns",
        ),
        (b"id,name,\n", "list.csv: heading line: column 3 has no heading"),
        (b'id,name\n1,A\n2,"B\n3,C\n', "list.csv: row 2: a quotation mark is opened and never closed"),
        (b'id,name\n\n1,A\n\n2,"B', "list.csv: row 2: a quotation mark is opened and never closed"),
        (b'id,name\n1,"' + b"x" * 200_000, "list.csv: row 1: too long"),
        (b"id,name\n1," + b"," * 1_100_000, "list.csv: row 1: too long"),
    ],
)
def test_a_broken_file_is_refused_in_one_line(data: bytes, complaint: str) -> None:
    with pytest.raises(BadInput) as refusal:
        staged(data)
    assert str(refusal.value).startswith(complaint)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("format", "data", "complaint"),
    [
        ("xlsx", b"id,name\n", "“xlsx” is no format"),
        ("viasna-json", b"id,name\n", "line 1: this is no JSON"),
        ("viasna-csv", as_csv(CHINESE), "no list known"),
        ("csv", b"[]", "no list known"),
    ],
)
def test_a_format_that_the_file_does_not_have_is_refused(format: str, data: bytes, complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        staged(data, format=format)


@pytest.mark.parametrize("format", ["auto", "csv"])
def test_a_list_outside_the_family_is_found_by_its_headings(format: str) -> None:
    assert staged(as_csv(CHINESE), format=format).shape == "chinese political prisoners"


def test_a_file_is_read_from_a_path_or_a_stream(tmp_path: Path) -> None:
    data = as_csv(MACHINE, ALES)
    path = tmp_path / "list.csv"
    path.write_bytes(data)
    assert staged(path) == staged(io.BytesIO(data)) == staged(data)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"list\.csv: cannot be read: No such file"):
        staged(tmp_path / "list.csv")


def test_rows_that_share_an_id_an_address_or_name_and_birth_date_all_wait() -> None:
    data = as_csv(
        ["id", "url", "name", "birthday"],
        ["1", "https://list.example.org/1", "Ales Vymyshleny", "1980-01-31"],
        ["1", "https://list.example.org/2", "Alena Prydumanaja", ""],
        ["3", "https://list.example.org/3", "Janka Uzorny", ""],
        ["4", "https://list.example.org/3", "Janka Uzorny", "1990"],
        ["5", "https://list.example.org/5", "ales  vymyshleny", "1980-01-31"],
        ["6", "https://list.example.org/6", "Janka Uzorny", "1991"],
    )
    found = staged(data)
    assert [(wait.person.row, wait.clash, wait.with_rows) for wait in found.quarantined] == [
        (1, Clash.SOURCE_ID, (2, 5)),
        (2, Clash.SOURCE_ID, (1,)),
        (3, Clash.SOURCE_ADDRESS, (4,)),
        (4, Clash.SOURCE_ADDRESS, (3,)),
        (5, Clash.NAME_AND_BIRTH, (1,)),
    ]
    assert [person.row for person in found.people] == [6]


def test_the_same_name_without_birth_dates_is_two_people() -> None:
    assert len(staged(as_csv(["id", "name"], ["1", "Janka Uzorny"], ["2", "Janka Uzorny"])).people) == 2


def test_a_row_with_an_error_still_keeps_its_double_waiting() -> None:
    first, second = ALES, ALES | {"arrested": "2021-02-30", "name": "Alena Prydumanaja"}
    found = staged(as_csv(MACHINE, first, second))
    assert [wait.person.row for wait in found.quarantined] == [1]
    assert [error.row for error in found.errors] == [2]


def test_an_address_without_scheme_counts_as_an_address_and_plain_words_do_not() -> None:
    rows = [["a", "list/1"], ["b", "list/1"], ["c", "newspaper"], ["d", "newspaper"]]
    found = staged(as_csv(["name", "url", "id"], *([*row, str(at)] for at, row in enumerate(rows))))
    assert [wait.person.name for wait in found.quarantined] == ["a", "b"]
