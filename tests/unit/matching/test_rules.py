from datetime import date, timedelta

import pytest

from app.matching.policy import DEFAULT_POLICY, HardRuleSwitches, Policy
from app.matching.rules import SENTENCES, first_failing, hard_rules
from app.matching.scoring import score
from app.vocabulary import DetentionStatus, LanguageLevel, MailRoute, Publicity, SponsorRole, SupportKind
from tests.unit.matching.builders import TODAY, a_prisoner, a_sheet, a_sponsor

GODPARENT = SupportKind.GODPARENT
ALLOW_UNKNOWN = Policy(hard_rules=HardRuleSwitches(allow_detention_unknown=True))


def failing(prisoner=None, sponsor=None, policy=DEFAULT_POLICY, **sheet_changes) -> str | None:
    prisoner, sponsor = prisoner or a_prisoner(), sponsor or a_sponsor()
    sheet = a_sheet([prisoner], [sponsor], **sheet_changes)
    rule = first_failing(hard_rules(sheet, policy), prisoner, sponsor)
    counted = {name for name, count in score(sheet, policy).excluded.items() if count}
    assert counted == ({rule.name} if rule else set()), "the count of a run must name the same rule"
    return rule.name if rule else None


def godparent(**changes):
    return a_sponsor(**{"kind": GODPARENT, **changes})


def test_the_plain_pair_is_eligible_for_either_kind():
    assert failing() is None
    assert failing(sponsor=godparent(), kind=GODPARENT) is None


@pytest.mark.parametrize("status", DetentionStatus)
def test_only_people_who_are_held_are_matched(status):
    expected = {
        DetentionStatus.RELEASED: "not_detained",
        DetentionStatus.DIED_IN_CUSTODY: "not_detained",
        DetentionStatus.UNKNOWN: "detention_unknown",
    }

    assert failing(a_prisoner(detention_status=status)) == expected.get(status)


def test_a_policy_may_allow_unknown_detention_but_never_the_released():
    assert failing(a_prisoner(detention_status=DetentionStatus.UNKNOWN), policy=ALLOW_UNKNOWN) is None
    assert failing(a_prisoner(detention_status=DetentionStatus.RELEASED), policy=ALLOW_UNKNOWN) == "not_detained"


@pytest.mark.parametrize(
    ("publicity", "for_letters", "for_godparents"),
    [
        (Publicity.PUBLIC, None, None),
        (Publicity.SPONSORS_ONLY, None, "publicity"),
        (Publicity.COORDINATORS_ONLY, "publicity", "publicity"),
    ],
)
def test_a_godparent_needs_a_public_case_and_a_letter_writer_one_that_sponsors_may_know(
    publicity, for_letters, for_godparents
):
    prisoner = a_prisoner(publicity=publicity)

    assert failing(prisoner) == for_letters
    assert failing(prisoner, godparent(), kind=GODPARENT) == for_godparents


def test_no_seat_is_open():
    assert failing(a_prisoner(seats=0)) == "no_seat"


def test_a_role_limited_to_nobody_is_not_wanted():
    assert failing(a_prisoner(role_seats={SponsorRole.VOLUNTEER: 0})) == "role_not_wanted"
    assert failing(a_prisoner(role_seats={SponsorRole.VOLUNTEER: 1})) is None
    assert failing(a_prisoner(role_seats={SponsorRole.ARTIST: 0})) is None


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"vetted": False}, "not_vetted"),
        ({"email_verified": False}, "address_unverified"),
        ({"capacity_left": 0}, "no_capacity"),
        ({"kind": GODPARENT}, "no_capacity"),
        ({"paused": True}, "not_available"),
        ({"mail_route": MailRoute.CLOSED}, "mail_route"),
        ({"mail_route": MailRoute.VIA_HUB}, None),
        ({"conflicts": frozenset({"P1"})}, "conflict"),
        ({"conflicts": frozenset({"P2"})}, None),
        ({"country": "BY"}, "lives_where_detained"),
        ({"held": True}, "held"),
    ],
)
def test_a_sponsor_who_may_not_be_matched(changes, rule):
    assert failing(sponsor=a_sponsor(**changes)) == rule


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"available_from": TODAY}, None),
        ({"available_from": TODAY + timedelta(days=1)}, "not_available"),
        ({"available_until": TODAY}, None),
        ({"available_until": TODAY - timedelta(days=1)}, "not_available"),
        ({"mandate_ends": TODAY + timedelta(days=90)}, None),
        ({"mandate_ends": TODAY + timedelta(days=89)}, "not_available"),
        ({"mandate_ends": date(2020, 1, 1)}, "not_available"),
    ],
)
def test_availability_holds_on_its_first_and_last_day_and_a_mandate_needs_90_days(changes, rule):
    assert failing(sponsor=a_sponsor(**changes)) == rule


def test_a_letter_writer_needs_a_language_that_is_passed_or_translation():
    german = {"de": LanguageLevel.FLUENT}

    assert failing(sponsor=a_sponsor(languages=german)) == "language"
    assert failing(sponsor=a_sponsor(languages=german, translation=True)) is None
    assert failing(sponsor=a_sponsor(languages={**german, "ru": LanguageLevel.BASIC})) is None
    assert failing(a_prisoner(facility_languages=frozenset())) == "language"


def test_a_godparent_needs_neither_language_nor_mail_route():
    speechless = godparent(languages={}, mail_route=MailRoute.CLOSED)

    assert failing(sponsor=speechless, kind=GODPARENT) is None


@pytest.mark.parametrize(("where", "rule"), [("live_pairs", "already_paired"), ("refused_pairs", "refused_before")])
def test_a_pair_with_a_history_is_not_proposed_again(where, rule):
    assert failing(**{where: frozenset({("P1", "S1")})}) == rule
    assert failing(**{where: frozenset({("P1", "S2"), ("P2", "S1")})}) is None


def test_a_held_prisoner_is_left_alone():
    assert failing(a_prisoner(held=True)) == "held"


IN_ORDER = [
    ("not_detained", {"detention_status": DetentionStatus.RELEASED}, {}),
    ("detention_unknown", {"detention_status": DetentionStatus.UNKNOWN}, {}),
    ("publicity", {"publicity": Publicity.COORDINATORS_ONLY}, {}),
    ("no_seat", {"seats": 0}, {}),
    ("role_not_wanted", {"role_seats": {SponsorRole.VOLUNTEER: 0}}, {}),
    ("not_vetted", {}, {"vetted": False}),
    ("address_unverified", {}, {"email_verified": False}),
    ("no_capacity", {}, {"capacity_left": 0}),
    ("not_available", {}, {"paused": True}),
    ("language", {}, {"languages": {}}),
    ("mail_route", {}, {"mail_route": MailRoute.CLOSED}),
    ("conflict", {}, {"conflicts": frozenset({"P1"})}),
    ("lives_where_detained", {}, {"country": "BY"}),
    ("already_paired", {}, {}),
    ("refused_before", {}, {}),
    ("held", {}, {"held": True}),
]


def test_the_rules_stand_in_the_published_order():
    assert [name for name, _, _ in IN_ORDER] == list(SENTENCES)


@pytest.mark.parametrize("first", range(len(IN_ORDER)))
def test_of_several_rules_that_fail_the_first_is_named(first):
    prisoner_changes, sponsor_changes, history = {}, {}, {}
    for name, for_prisoner, for_sponsor in reversed(IN_ORDER[first:]):
        prisoner_changes |= for_prisoner
        sponsor_changes |= for_sponsor
        if name in ("already_paired", "refused_before"):
            history |= {"live_pairs" if name == "already_paired" else "refused_pairs": frozenset({("P1", "S1")})}

    assert failing(a_prisoner(**prisoner_changes), a_sponsor(**sponsor_changes), **history) == IN_ORDER[first][0]


def test_every_sentence_reads_as_one():
    for sentence in SENTENCES.values():
        assert sentence[0].isupper()
        assert sentence.endswith(".")
