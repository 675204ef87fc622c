"""What the importer's own words are called on a page: formats, fields of a list, and reasons to wait."""

from collections.abc import Mapping
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

IGNORED: Final = "ignored"
"""The meaning of a heading that is left out."""

FORMAT_LABELS: Final[Mapping[str, LazyString]] = {
    "auto": _l("Find out from the file"),
    "viasna-csv": _l("Viasna's list, CSV"),
    "viasna-json": _l("Viasna's list, JSON"),
    "csv": _l("Another list, CSV"),
}

FIELD_LABELS: Final[Mapping[str, LazyString]] = {
    IGNORED: _l("Leave it out"),
    "name": _l("Name"),
    "name_latin": _l("Name in Latin letters"),
    "name_cyrillic": _l("Name in Cyrillic letters"),
    "source_id": _l("The publisher's own number"),
    "source_url": _l("Address of the publisher's page"),
    "status": _l("Held, former or not recognised"),
    "gender": _l("Woman or man"),
    "birth_date": _l("Date of birth"),
    "arrested_on": _l("Arrested on"),
    "verdict_on": _l("Verdict on"),
    "released_on": _l("Released on"),
    "died_on": _l("Died on"),
    "other_date": _l("Another date"),
    "sentence": _l("Sentence"),
    "penalty": _l("Kind of penalty"),
    "description": _l("Story"),
    "articles": _l("Articles"),
    "facility": _l("Facility"),
    "facility_address": _l("Address of the facility"),
    "home_area": _l("Home"),
}
"""What a heading can mean, by the names that a mapping file uses."""

CHANGE_LABELS: Final[Mapping[str, LazyString]] = {
    **FIELD_LABELS,
    "sentence_years": _l("Years of the sentence"),
    "detention_status": _l("How they are held"),
    "known_as": _l("Known to the publisher as"),
}

CLASH_LABELS: Final[Mapping[str, LazyString]] = {
    "same_source_id": _l("Same number of the publisher as another row"),
    "same_source_address": _l("Same address of the publisher's page as another row"),
    "same_name_and_birth_date": _l("Same name and date of birth as another row"),
    "several_held_people_fit": _l("Several people we hold could be meant"),
    "held_under_another_source_id": _l("We hold somebody of this name and birth under another number or page"),
    "several_rows_fit_one_held_person": _l("Several rows could mean one person we hold"),
    "left_out_by_a_coordinator": _l("A coordinator left this row out before"),
}

LIKENESS_LABELS: Final[Mapping[str, LazyString]] = {
    "same_mark": _l("The publisher knows them by the same number or page"),
    "same_name_and_birth": _l("Same name and date of birth"),
    "same_name": _l("Same name"),
    "same_clash": _l("Another row of this clash is theirs"),
}

COUNT_LABELS: Final[Mapping[str, LazyString]] = {
    "former": _l("former"),
    "not_recognised": _l("never recognised"),
    "died": _l("died"),
}
