"""The hard rules, in order: the first that fails is the answer to "why not". Pure.

Each rule has a name, a sentence that a coordinator can read (marked with `N_` for translation where it is shown) and a
relation that is not 0 for the pairs it forbids.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from app.matching.facts import FactSheet, PrisonerFacts, SponsorFacts
from app.matching.policy import Policy
from app.matching.relations import Comparison, Listing, Relation
from app.matching.wording import N_
from app.vocabulary import NO_LONGER_HELD, DetentionStatus, MailRoute, Publicity, SupportKind


@dataclass(frozen=True)
class HardRule:
    """A rule that forbids pairs outright."""

    name: str
    sentence: str
    forbids: Relation


SENTENCES = {
    "not_detained": N_("The prisoner is no longer held."),
    "detention_unknown": N_("It is not known whether the prisoner is still held."),
    "publicity": N_("The case is not public enough for this kind of support; match this person by hand."),
    "no_seat": N_("The prisoner has no open seat of this kind."),
    "role_not_wanted": N_("No seat is open beside this prisoner for the sponsor's role."),
    "not_vetted": N_("The sponsor is not vetted."),
    "address_unverified": N_("The sponsor has not confirmed their e-mail address."),
    "no_capacity": N_("The sponsor has no capacity left for this kind of support."),
    "not_available": N_("The sponsor is paused, not available on this day, or their mandate ends soon."),
    "language": N_("The sponsor writes none of the languages that the facility passes, and has no translation help."),
    "mail_route": N_("No mail goes from the sponsor's country to the prisoner's."),
    "conflict": N_("A conflict between the two was declared."),
    "lives_where_detained": N_("The sponsor lives in the country that holds the prisoner."),
    "already_paired": N_("The two are already matched."),
    "refused_before": N_("This pair was refused or declined before."),
    "held": N_("A coordinator holds the prisoner or the sponsor back."),
}
"""The name and the sentence of every hard rule, in the order in which they are asked."""


def hard_rules(sheet: FactSheet, policy: Policy) -> tuple[HardRule, ...]:
    """Every hard rule for one run, in order."""
    relations = {
        **_about_prisoners(sheet.kind, policy),
        "role_not_wanted": Comparison(lambda p: frozenset(p.role_seats.items()), lambda s: s.role, _closed_to),
        **_about_sponsors(sheet, policy),
        **_about_letters(sheet.kind),
        **_about_pairs(sheet),
        "held": Comparison(lambda p: p.held, lambda s: s.held, lambda p, s: p or s),
    }
    return tuple(HardRule(name, sentence, relations[name]) for name, sentence in SENTENCES.items())


def first_failing(rules: tuple[HardRule, ...], prisoner: PrisonerFacts, sponsor: SponsorFacts) -> HardRule | None:
    """The first rule that forbids the pair, or None where the pair is eligible."""
    return next((rule for rule in rules if rule.forbids.between(prisoner, sponsor)), None)


def _of_prisoner(test: Callable[[PrisonerFacts], bool]) -> Relation:
    return Comparison(test, lambda _: None, lambda fails, _: fails)


def _of_sponsor(test: Callable[[SponsorFacts], bool]) -> Relation:
    return Comparison(lambda _: None, test, lambda _, fails: fails)


def _about_prisoners(kind: SupportKind, policy: Policy) -> dict[str, Relation]:
    allowed = {Publicity.PUBLIC} if kind is SupportKind.GODPARENT else {Publicity.PUBLIC, Publicity.SPONSORS_ONLY}
    unknown_forbids = not policy.hard_rules.allow_detention_unknown
    return {
        "not_detained": _of_prisoner(lambda p: p.detention_status in NO_LONGER_HELD),
        "detention_unknown": _of_prisoner(
            lambda p: unknown_forbids and p.detention_status is DetentionStatus.UNKNOWN,
        ),
        "publicity": _of_prisoner(lambda p: p.publicity not in allowed),
        "no_seat": _of_prisoner(lambda p: p.seats < 1),
    }


def _about_sponsors(sheet: FactSheet, policy: Policy) -> dict[str, Relation]:
    # A sponsor who offers the other kind has no capacity for this one.
    return {
        "not_vetted": _of_sponsor(lambda s: not s.vetted),
        "address_unverified": _of_sponsor(lambda s: not s.email_verified),
        "no_capacity": _of_sponsor(lambda s: s.capacity_left < 1 or s.kind is not sheet.kind),
        "not_available": _of_sponsor(lambda s: not _available(s, sheet.date, policy)),
    }


def _about_letters(kind: SupportKind) -> dict[str, Relation]:
    if kind is SupportKind.GODPARENT:
        nobody = Listing(frozenset())
        return {"language": nobody, "mail_route": nobody}
    return {
        "language": Comparison(
            lambda p: p.facility_languages,
            lambda s: None if s.translation else frozenset(s.languages),
            lambda passed, written: written is not None and not passed & written,
        ),
        "mail_route": _of_sponsor(lambda s: s.mail_route is MailRoute.CLOSED),
    }


def _about_pairs(sheet: FactSheet) -> dict[str, Relation]:
    conflicts = frozenset((prisoner, sponsor.id) for sponsor in sheet.sponsors for prisoner in sponsor.conflicts)
    return {
        "conflict": Listing(conflicts),
        "lives_where_detained": Comparison(
            lambda p: p.detained_in, lambda s: s.country, lambda detaining, own: detaining == own
        ),
        "already_paired": Listing(sheet.live_pairs),
        "refused_before": Listing(sheet.refused_pairs),
    }


def _closed_to(role_seats: frozenset[tuple[str, int]], role: str) -> bool:
    return (role, 0) in role_seats


def _available(sponsor: SponsorFacts, on: date, policy: Policy) -> bool:
    if sponsor.paused:
        return False
    if sponsor.available_from is not None and on < sponsor.available_from:
        return False
    if sponsor.available_until is not None and on > sponsor.available_until:
        return False
    least = timedelta(days=policy.hard_rules.mandate_days_left)
    return sponsor.mandate_ends is None or sponsor.mandate_ends - on >= least
