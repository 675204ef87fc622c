"""Names and their scripts."""

import pytest

from app.importing.names import name_key, read_name


@pytest.mark.parametrize(
    ("written", "latin", "cyrillic"),
    [
        ("Ales Vymyshleny", "Ales Vymyshleny", None),
        ("Ляксандр Вымышлены-Няісны", None, "Ляксандр Вымышлены-Няісны"),
        ("Вымышлены Алесь (Ales Vymyshleny)", "Ales Vymyshleny", "Вымышлены Алесь"),
        ("Ales Vymyshleny\nАлесь Вымышлены", "Ales Vymyshleny", "Алесь Вымышлены"),
        ("Ales\nVymyshleny", "Ales Vymyshleny", None),
        ("Ales Vymyshleny (Sasha)", "Ales Vymyshleny (Sasha)", None),
        ("Łukasz Žyvy-Ŭzorny", "Łukasz Žyvy-Ŭzorny", None),
        ("虚构人（Xugou Ren）", "Xugou Ren", None),
        ("虚构人", None, None),
        ("Alеs", None, None),  # the е is Cyrillic
        ("17", None, None),
    ],
)
def test_each_script_keeps_its_own_form(written: str, latin: str | None, cyrillic: str | None) -> None:
    found = read_name(written)
    assert (found.latin, found.cyrillic) == (latin, cyrillic)


def test_a_form_of_its_own_column_wins() -> None:
    found = read_name("Ales Vymyshleny", latin="Aleś Vymyšleny", cyrillic="Алесь Вымышлены")
    assert (found.written, found.latin, found.cyrillic) == ("Ales Vymyshleny", "Aleś Vymyšleny", "Алесь Вымышлены")


def test_line_breaks_of_every_kind_become_spaces() -> None:
    assert read_name("Ales\r\nVymyshleny\u2028\vthe  Second").written == "Ales Vymyshleny the Second"


def test_the_same_name_in_another_case_or_composition_has_the_same_key() -> None:
    assert name_key("  ЮЛІЯ  Пробная") == name_key("Юлія Пробная") == name_key("Юлія Пробная".replace("й", "й"))


def test_a_long_hostile_name_is_read_at_once() -> None:
    assert read_name("×" * 50_000 + "Ж").latin is None
