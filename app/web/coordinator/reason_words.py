"""How reasons are said on the desk: hard rules as counts and what would change them, losses, what is scarce."""

from collections.abc import Mapping

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.queries.exact import NoFigure
from app.queries.reasons import Loss, PairReasons

RULE_LABELS: Mapping[str, LazyString] = {
    "not_detained": _l("no longer held"),
    "detention_unknown": _l("not known whether still held"),
    "publicity": _l("the case is not public enough"),
    "no_seat": _l("no open seat"),
    "role_not_wanted": _l("no seat for their role"),
    "not_vetted": _l("not vetted"),
    "address_unverified": _l("address not confirmed"),
    "no_capacity": _l("no capacity left"),
    "not_available": _l("not available"),
    "language": _l("no language that is passed on"),
    "mail_route": _l("no mail from their country"),
    "conflict": _l("a conflict was declared"),
    "lives_where_detained": _l("live in the detaining country"),
    "already_paired": _l("matched already"),
    "refused_before": _l("refused or declined before"),
    "held": _l("held back by a coordinator"),
}
"""Why sponsors are kept from a prisoner, as words before a number."""

WHAT_CHANGES: Mapping[str, LazyString] = {
    "detention_unknown": _l("Find out whether they are still held, and record it."),
    "publicity": _l("Record a basis on which more people may know of the case, or match them by hand."),
    "no_seat": _l("Open a seat of this kind."),
    "role_not_wanted": _l("Open a seat for this role."),
    "not_vetted": _l("Vet whoever waits for it."),
    "address_unverified": _l("They have to confirm their address."),
    "no_capacity": _l("More capacity: somebody who can take on one more person."),
    "not_available": _l("Wait until they are available again, or ask them."),
    "language": _l("Help with translation, or somebody who writes a language that the facility passes."),
    "mail_route": _l("A way for mail from their country, such as a hub."),
    "held": _l("Lift the hold, once its reason is gone."),
}
"""What would change it; a rule that is missing here is one that nobody should change."""

SCARCE: Mapping[str, LazyString] = {
    "capacity": _l("One more place of this sponsor's: then everyone together would gain by this pair."),
    "role_seats": _l("One more seat for this sponsor's role: then everyone together would gain by this pair."),
    "seats": _l("One more seat of this kind beside the prisoner: then everyone together would gain by this pair."),
}
"""What the pair would need more of, by its name."""

NO_FIGURE: Mapping[NoFigure, LazyString] = {
    NoFigure.TOO_LARGE: _l("There are too many people to reckon this out on a page. What is said above holds."),
    NoFigure.BUSY: _l("Another figure is being worked out just now. Try again in a moment."),
    NoFigure.IMPOSSIBLE: _l("These two cannot be proposed as the facts stand now."),
}


def what_changes(rule: str) -> LazyString | str:
    """What would change what a rule says."""
    return WHAT_CHANGES.get(rule, _("Nothing should: this rule protects somebody, or says what was decided."))


def scarce_words(found: PairReasons | None) -> list[LazyString]:
    """What the last run would have needed more of for a pair that it did not propose."""
    return [SCARCE[what] for what in found.then.explanation.scarce] if found and found.then else []


def at_least(loss: Loss) -> str:
    """The least that something would cost, as the end of a sentence."""
    if loss.first_supporters:
        return str(_("at the cost of first supporters: fewer people, or less urgent ones, would have somebody"))
    if not loss.points:
        return str(_("perhaps as good for everyone together"))
    said = ngettext(
        "at least %(num)s point worse for everyone together",
        "at least %(num)s points worse for everyone together",
        loss.points,
    )
    return str(said)


def exactly(found: Loss | NoFigure) -> str:
    """What something would cost by the facts as they stand, as a sentence, or why nobody can say."""
    if isinstance(found, NoFigure):
        return str(NO_FIGURE[found])
    if found.first_supporters:
        return str(
            _(
                "It would cost first supporters: fewer people, or less urgent ones, would have somebody (%(weight)d by"
                " weight, where a first supporter counts 6 in tier 0 down to 1 in tier 5).",
                weight=found.first_supporters,
            )
        )
    if not found.points:
        return str(_("No worse: everyone together would be as well off."))
    said = ngettext(
        "Exactly %(num)s point worse for everyone together.",
        "Exactly %(num)s points worse for everyone together.",
        found.points,
    )
    return str(said)
