"""The policy in a browser: every number by name, every problem at its field, a dry run first, then in force."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.actions import policies as policy_actions
from app.database import session
from app.matching import DEFAULT_POLICY, Policy, changed_numbers
from app.matching.policy import TierPoints
from app.permissions import Viewer
from app.queries import policies
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import StaffRole
from app.web.admin.policy_forms import field_name
from app.web.admin.policy_words import GROUPS, NUMBER_LABELS
from tests.factories import make_administrator, make_coordinator, make_prisoner, make_sponsor
from tests.web.browsing import browser_of, soup

DISABILITY_FIRST = {"tier-disability": "6", "tier-serious_illness": "1"}


@pytest.fixture
def ada(app: Flask) -> FlaskClient:
    """An administrator's browser."""
    return browser_of(app, make_administrator(email="ada@example.org"))


def current() -> Policy:
    session().rollback()
    return policies.current()


def put(policy: Policy, by: Viewer) -> None:
    with transaction():
        policy_actions.put_into_force(policy, by=by, seen_version=policies.current().version or 0)


def form_of(page: BeautifulSoup, action: str) -> dict[str, str]:
    """What a browser would send from the form that goes to `action`."""
    form = page.select_one(f'main form[action="{action}"]')
    assert form is not None, f"no form goes to {action}"
    sent = {}
    for field in form.select("input[name]"):
        if field.get("type") != "checkbox" or field.has_attr("checked"):
            sent[field["name"]] = field.get("value", "on")
    return sent


def compare(client: FlaskClient, **changes: str) -> TestResponse:
    """Write these numbers into the form as it is shown, and ask what they would do."""
    fields = form_of(soup(client.get("/admin/policy/change")), "/admin/policy/compare")
    return client.post("/admin/policy/compare", data=fields | changes)


def test_every_number_has_words_and_a_group(app: Flask) -> None:
    numbers = DEFAULT_POLICY.numbers()

    assert set(NUMBER_LABELS) == set(numbers)
    assert sorted(place for group in GROUPS for place in group.places(numbers)) == sorted(numbers)
    assert len({field_name(place) for place in numbers}) == len(numbers)


def test_the_policy_in_force_stands_there_with_every_number_and_its_default(ada: FlaskClient) -> None:
    put(Policy(tier=TierPoints(disability=6)), viewer_of(make_administrator(email="bea@example.org")))

    page = soup(ada.get("/admin/policy"))

    rows = {row.th.get_text(strip=True): [cell.get_text(strip=True) for cell in row.select("td")]
            for row in page.select("section:not([aria-labelledby=versions]) tbody tr")}  # fmt: skip
    assert len(rows) == len(DEFAULT_POLICY.numbers())
    assert rows["Lives with a disability"] == ["6", "2"]
    assert rows["Propose people of whom nobody knows whether they are still held"] == ["no", "no"]
    versions = [row.get_text(" ", strip=True) for row in page.select("section[aria-labelledby=versions] tbody tr")]
    assert versions[0].startswith("Version 2 ")
    assert versions[0].endswith("bea@example.org Lives with a disability")
    assert versions[1] == "Version 1 the program itself Nothing: every number has its default."


def test_a_changed_policy_is_compared_and_nothing_is_written(ada: FlaskClient) -> None:
    ill, disabled = make_prisoner(facts=["serious_illness"]), make_prisoner(facts=["disability"])
    make_sponsor(capacity=1)

    answer = compare(ada, **DISABILITY_FIRST)

    page = soup(answer)
    words = page.select_one("section[aria-labelledby=letter_writer]").get_text(" ", strip=True)
    assert answer.status_code == 200
    assert "Newly left alone: 1" in words
    assert f"Record {ill.id} 1 → 3 1 → 0 seriously ill: 3 → 1 points" in words
    assert "Newly covered: 1" in words
    assert f"Record {disabled.id} 2 → 0 0 → 1 lives with a disability: 2 → 6 points" in words
    assert "would propose the same pairs" in page.select_one("[aria-labelledby=godparent]").get_text()
    assert (current(), current().version) == (DEFAULT_POLICY, 1)


def test_z5_setting_the_policy_opens_no_record_but_a_coordinator_among_them_reads_names(app: Flask) -> None:
    mine, other = (make_prisoner(name_latin=name, facts=["disability"]) for name in ("Ihar Adzinotny", "Zoja Zahadka"))
    for _ in range(2):
        make_prisoner(facts=["serious_illness"])
    make_sponsor(capacity=2)
    both = make_coordinator(roles=[StaffRole.COORDINATOR, StaffRole.ADMINISTRATOR], caseload=[mine])
    no_longer = make_coordinator(roles=[StaffRole.ADMINISTRATOR], caseload=[mine])

    only = compare(browser_of(app, no_longer), **DISABILITY_FIRST).text
    seen = compare(browser_of(app, both), **DISABILITY_FIRST).text

    assert [name for name in ("Ihar Adzinotny", "Zoja Zahadka") if name in only] == []
    assert [name for name in ("Ihar Adzinotny", "Zoja Zahadka") if name in seen] == ["Ihar Adzinotny"]
    assert f"/desk/prisoners/{mine.id}" in seen
    assert f"/desk/prisoners/{other.id}" not in seen


def test_what_was_compared_is_put_into_force(ada: FlaskClient) -> None:
    page = soup(compare(ada, **DISABILITY_FIRST))

    answer = ada.post("/admin/policy", data=form_of(page, "/admin/policy"), follow_redirects=True)

    assert "Version 2 is in force" in soup(answer).select_one(".flash").get_text()
    assert (current().tier.disability, current().tier.serious_illness, current().version) == (6, 1, 2)
    assert current().fit == DEFAULT_POLICY.fit


def test_a_switch_is_carried_through_both_ways(ada: FlaskClient) -> None:
    for number, switched in ((2, True), (3, False)):
        fields = form_of(soup(ada.get("/admin/policy/change")), "/admin/policy/compare")
        fields.pop("hard_rules-allow_detention_unknown", None)
        if switched:
            fields["hard_rules-allow_detention_unknown"] = "y"
        page = soup(ada.post("/admin/policy/compare", data=fields))
        ada.post("/admin/policy", data=form_of(page, "/admin/policy"))

        assert (current().hard_rules.allow_detention_unknown, current().version) == (switched, number)


def test_what_was_compared_can_be_changed_further(ada: FlaskClient) -> None:
    page = soup(compare(ada, **DISABILITY_FIRST))
    fields = form_of(page, "/admin/policy")
    (further,) = page.select("button[formaction]")

    again = soup(ada.post(further["formaction"], data=fields))

    assert form_of(again, "/admin/policy/compare")["tier-disability"] == "6"
    assert current().version == 1


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"fit-joint_case": "7"}, {"fit-joint_case": "A pair could get 100 points; 99 is the most."}),
        ({"fit-joint_case": "-1"}, {"fit-joint_case": "-1 is not between 0 and 1000."}),
        ({"tier-disability": "1001"}, {"tier-disability": "1001 is not between 0 and 1000."}),
        ({"tier-disability": "many"}, {"tier-disability": "Write a whole number."}),
        ({"tier-disability": "2.5"}, {"tier-disability": "Write a whole number."}),
        ({"tier-disability": ""}, {"tier-disability": "Write a whole number."}),
        ({"seat-third": "21"}, {"seat-third": "Must not be worth more than the second seat."}),
        ({"tier_floors-0": "4"}, {"tier_floors-1": "Must be less than the 4 of the tier before."}),
        (
            {"tier-disability": "x", "seat-third": "-3", "tier_floors-4": "0", "fit-joint_case": "9"},
            {
                "tier-disability": "Write a whole number.",
                "tier_floors-4": "Must be 1 or more.",
                "fit-joint_case": "A pair could get 102 points; 99 is the most.",
                "seat-third": "-3 is not between 0 and 1000.",
            },
        ),
    ],
)
def test_every_problem_stands_at_its_field_and_in_the_summary(
    ada: FlaskClient, changes: dict[str, str], errors: dict[str, str]
) -> None:
    answer = compare(ada, **changes)

    page = soup(answer)
    shown = {
        error["id"].removesuffix("-error"): error.get_text(" ", strip=True) for error in page.select(".field-error")
    }
    summary = [link["href"] for link in page.select(".error-summary a")]
    assert answer.status_code == 422
    assert shown == {name: f"To mend: {text}" for name, text in errors.items()}
    assert sorted(summary) == sorted(f"#{name}" for name in errors)
    assert form_of(page, "/admin/policy/compare") | changes == form_of(page, "/admin/policy/compare")
    assert current().version == 1


def test_a_total_of_a_hundred_stands_at_each_number_that_was_raised(ada: FlaskClient) -> None:
    page = soup(compare(ada, **{"fit-joint_case": "6", "fit-country_spread": "11"}))

    assert [error["id"] for error in page.select(".field-error")] == [
        "fit-country_spread-error",
        "fit-joint_case-error",
    ]


def test_nothing_changed_is_said_above_the_form(ada: FlaskClient) -> None:
    answer = compare(ada)

    assert answer.status_code == 422
    assert "Nothing differs" in soup(answer).select_one(".error-summary").get_text()


def test_c1_whoever_saves_second_is_told_and_changes_nothing(app: Flask, ada: FlaskClient) -> None:
    first, second = (form_of(soup(compare(ada, **{"seat-third": points})), "/admin/policy") for points in ("5", "7"))
    ada.post("/admin/policy", data=first)

    answer = ada.post("/admin/policy", data=second)

    assert answer.status_code == 409
    assert "Another policy has been put into force" in answer.text
    assert (current().seat.third, current().version) == (5, 2)


def test_c1_a_form_from_an_earlier_version_takes_nothing_of_the_newer_one_back(app: Flask, ada: FlaskClient) -> None:
    begun = form_of(soup(ada.get("/admin/policy/change")), "/admin/policy/compare") | {"fit-joint_case": "4"}
    others = {"seat-third": "7", "hard_rules-allow_detention_unknown": "y"}
    ada.post("/admin/policy", data=form_of(soup(compare(ada, **others)), "/admin/policy"))

    compared = soup(ada.post("/admin/policy/compare", data=begun))
    ada.post("/admin/policy", data=form_of(compared, "/admin/policy"))

    assert "Version 2 has been put into force since you began." in compared.get_text()
    assert changed_numbers(DEFAULT_POLICY, current()) == {
        "fit.joint_case": (5, 4),
        "seat.third": (10, 7),
        "hard_rules.allow_detention_unknown": (False, True),
    }


def test_what_both_have_changed_stays_as_the_person_at_the_form_wrote_it(ada: FlaskClient) -> None:
    begun = form_of(soup(ada.get("/admin/policy/change")), "/admin/policy/compare") | {"seat-third": "6"}
    ada.post("/admin/policy", data=form_of(soup(compare(ada, **{"seat-third": "7"})), "/admin/policy"))

    further = soup(ada.post("/admin/policy/change", data=begun))

    fields = form_of(further, "/admin/policy/compare")
    assert (fields["seat-third"], fields["version"]) == ("6", "2")


@pytest.mark.parametrize("path", ["/admin/policy/compare", "/admin/policy/change"])
@pytest.mark.parametrize("version", ["7", "0", "-1", "one", "", "9" * 400])
def test_a_form_from_a_version_that_never_was_is_out_of_date(ada: FlaskClient, path: str, version: str) -> None:
    fields = form_of(soup(ada.get("/admin/policy/change")), "/admin/policy/compare")

    answer = ada.post(path, data=fields | {"fit-joint_case": "4", "version": version})

    assert answer.status_code == 409
    assert "The page was out of date" in answer.text


def test_a_policy_that_no_page_of_ours_would_send_is_refused(ada: FlaskClient) -> None:
    fields = form_of(soup(compare(ada, **DISABILITY_FIRST)), "/admin/policy")

    answers = [ada.post("/admin/policy", data=fields | {"fit-joint_case": wrong}) for wrong in ("99", "-1", "x", "")]

    assert [answer.status_code for answer in answers] == [409] * 4
    assert current().version == 1


def test_an_earlier_version_is_compared_first_and_comes_back_as_a_new_one(ada: FlaskClient) -> None:
    page = soup(compare(ada, **DISABILITY_FIRST))
    ada.post("/admin/policy", data=form_of(page, "/admin/policy"))
    (link,) = [link["href"] for link in soup(ada.get("/admin/policy")).select("td a, th a") if "1" in link.get_text()]

    earlier = soup(ada.get(link))
    compared = soup(ada.post("/admin/policy/compare", data=form_of(earlier, "/admin/policy/compare")))
    ada.post("/admin/policy", data=form_of(compared, "/admin/policy"))

    assert "not in force any more" in earlier.get_text()
    assert (current(), current().version) == (DEFAULT_POLICY, 3)


@pytest.mark.parametrize("version", ["7", "0", "-1", "one", "1 OR 1"])
def test_a_version_that_never_was_is_not_there(ada: FlaskClient, version: str) -> None:
    assert ada.get("/admin/policy", query_string={"version": version}).status_code == 404


def test_w1_a_policy_without_our_token_is_not_put_into_force(ada: FlaskClient) -> None:
    fields = form_of(soup(compare(ada, **DISABILITY_FIRST)), "/admin/policy")
    del fields["csrf_token"]

    assert [ada.post(path, data=fields).status_code for path in ("/admin/policy", "/admin/policy/compare")] == [400] * 2
    assert current().version == 1
