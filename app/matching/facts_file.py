"""FACTS.json: what is known of both sides, as a file that outsiders write. Pure.

The format is `vestka.facts/1` of `docs/matching.md`. A name that is missing or unknown is refused, so a misspelt
`held` can never pass for "not held".
"""

from dataclasses import fields
from pathlib import Path

from app.matching.facts import FactSheet, IdPair, PrisonerFacts, SponsorFacts, Wishes
from app.matching.instance_file import MOST_CAPACITY, MOST_COUNTED, MOST_SEATS, read_role_seats
from app.matching.policy import Policy
from app.matching.reading import Node, check_format, id_pairs, load, unique_ids
from app.matching.tiers import TIERS
from app.vocabulary import (
    AgeGroup,
    DetentionStatus,
    Fact,
    Gender,
    LanguageLevel,
    MailAccess,
    MailRoute,
    ProfessionGroup,
    Publicity,
    SponsorRole,
    SupportKind,
)

FORMAT = "vestka.facts/1"
MOST_YEARS = 99
TOP = ("format", "kind", "date", "policy", "prisoners", "sponsors", "live_pairs", "refused_pairs", "previous")
PRISONER = tuple(field.name for field in fields(PrisonerFacts))
SPONSOR = tuple(field.name for field in fields(SponsorFacts))
WISHES = tuple(field.name for field in fields(Wishes))


def read_facts(path: Path) -> FactSheet:
    """Read a fact sheet. Raises BadInput naming the place of whatever the format does not allow."""
    return facts_from(load(path))


def facts_from(file: Node) -> FactSheet:
    """The fact sheet in a parsed file. Raises BadInput as `read_facts`."""
    check_format(file, FORMAT)
    top = file.fields(TOP)
    prisoners, sponsors = top["prisoners"].items(), top["sponsors"].items()
    known = (unique_ids(prisoners), unique_ids(sponsors))

    def pairs(name: str) -> frozenset[IdPair]:
        return id_pairs(top[name], known)

    return FactSheet(
        kind=top["kind"].word(SupportKind),
        date=top["date"].day(),
        policy=top["policy"].optional(_policy),
        prisoners=tuple(_prisoner(node) for node in prisoners),
        sponsors=tuple(_sponsor(node, known[0]) for node in sponsors),
        live_pairs=pairs("live_pairs"),
        refused_pairs=pairs("refused_pairs"),
        previous=pairs("previous"),
    )


def _policy(node: Node) -> Policy:
    node.members()
    assert isinstance(node.value, dict)
    return Policy.from_dict(node.value)


def _prisoner(node: Node) -> PrisonerFacts:
    of = node.fields(PRISONER)
    return PrisonerFacts(
        id=of["id"].text(),
        detention_status=of["detention_status"].word(DetentionStatus),
        detained_in=_country(of["detained_in"]),
        publicity=of["publicity"].word(Publicity),
        mail_access=of["mail_access"].word(MailAccess),
        seats=of["seats"].whole(0, MOST_SEATS),
        role_seats=read_role_seats(of["role_seats"]),
        supporters=of["supporters"].whole(0, MOST_COUNTED),
        supporters_of_kind=of["supporters_of_kind"].whole(0, MOST_COUNTED),
        supporter_countries=frozenset(_country(item) for item in of["supporter_countries"].items()),
        facility_languages=frozenset(_language(item) for item in of["facility_languages"].items()),
        reads=frozenset(_language(item) for item in of["reads"].items()),
        profession_group=of["profession_group"].optional(_profession_group),
        gender=of["gender"].optional(_gender),
        birth_date=of["birth_date"].optional(Node.partial_date),
        arrested_on=of["arrested_on"].optional(Node.partial_date),
        sentence_years=of["sentence_years"].optional(lambda years: years.number(0, MOST_YEARS)),
        home_area=of["home_area"].optional(Node.text),
        case=of["case"].optional(Node.text),
        facts=frozenset(item.word(Fact) for item in of["facts"].items()),
        pinned_tier=of["pinned_tier"].optional(lambda tier: tier.whole(0, TIERS - 1)),
        held=of["held"].flag(),
    )


def _sponsor(node: Node, prisoners: dict[str, int]) -> SponsorFacts:
    of = node.fields(SPONSOR)
    return SponsorFacts(
        id=of["id"].text(),
        role=of["role"].word(SponsorRole),
        kind=of["kind"].word(SupportKind),
        vetted=of["vetted"].flag(),
        email_verified=of["email_verified"].flag(),
        country=_country(of["country"]),
        languages=_languages(of["languages"]),
        capacity_left=of["capacity_left"].whole(0, MOST_CAPACITY),
        available_from=of["available_from"].optional(Node.day),
        available_until=of["available_until"].optional(Node.day),
        paused=of["paused"].flag(),
        mandate_ends=of["mandate_ends"].optional(Node.day),
        profession_group=of["profession_group"].optional(_profession_group),
        wishes=_wishes(of["wishes"]),
        conflicts=frozenset(_known(item, prisoners) for item in of["conflicts"].items()),
        mail_route=of["mail_route"].word(MailRoute),
        translation=of["translation"].flag(),
        waiting_since=of["waiting_since"].optional(Node.day),
        supports_cases=frozenset(item.text() for item in of["supports_cases"].items()),
        held=of["held"].flag(),
    )


def _wishes(node: Node) -> Wishes:
    of = node.fields((), optional=WISHES)
    null = Node(None, node.place)
    long_sentence = of.get("long_sentence", null).optional(Node.flag)
    return Wishes(
        home_area=of.get("home_area", null).optional(Node.text),
        profession_group=of.get("profession_group", null).optional(_profession_group),
        gender=of.get("gender", null).optional(_gender),
        age_group=of.get("age_group", null).optional(lambda group: group.word(AgeGroup)),
        long_sentence=bool(long_sentence),
    )


def _languages(node: Node) -> dict[str, LanguageLevel]:
    levels = node.members()
    return {_language(Node(code, level.place)): level.word(LanguageLevel) for code, level in levels.items()}


def _known(node: Node, ids: dict[str, int]) -> str:
    if node.text() not in ids:
        raise node.refuse(f"no prisoner has the id {node.value!r}")
    return node.text()


def _language(node: Node) -> str:
    code = node.code(2)
    if not code.islower():
        raise node.refuse("must be in small letters")
    return code


def _country(node: Node) -> str:
    code = node.code(2)
    if not code.isupper():
        raise node.refuse("must be in capital letters")
    return code


def _profession_group(node: Node) -> ProfessionGroup:
    return node.word(ProfessionGroup)


def _gender(node: Node) -> Gender:
    return node.word(Gender)
