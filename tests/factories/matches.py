"""Matches in every state, and the runs and policies behind them."""

from typing import Any

from app.clock import now, today
from app.database import session
from app.models import Match, MatchingRun, Policy
from app.vocabulary import DeclineReason, EndReason, MatchState, RefusalReason, SupportKind
from tests.factories.accounts import make_office
from tests.factories.prisoners import make_prisoner
from tests.factories.sponsors import make_sponsor
from tests.factories.writing import add, writing

_ANSWERED = frozenset({MatchState.ACTIVE, MatchState.PAUSED, MatchState.ENDED, MatchState.REFUSED})
_DECIDED = _ANSWERED | {MatchState.APPROVED, MatchState.DECLINED, MatchState.LAPSED}


def make_match(**changes: Any) -> Match:
    """A proposal for a prisoner and a sponsor, both made unless given.

    With another `state`, the decisions that lead there are filled in. `run` is None unless given.
    """
    with writing():
        for name, make in (("prisoner", make_prisoner), ("sponsor", make_sponsor)):
            if name not in changes and f"{name}_id" not in changes:
                changes[name] = make()
        state = changes.setdefault("state", MatchState.PROPOSED)
        values = {
            "kind": SupportKind.LETTER_WRITER,
            "tier": 3,
            "fit": 79,
            "terms": {"language": 30, "profession": 20, "country_spread": 10, "least_support": 10, "steadiness": 8},
            "proposed_at": now(),
        }
        return add(Match(**values | _history(state) | changes))


def _history(state: MatchState) -> dict[str, Any]:
    """What stands in the columns of a match once it is in `state`."""
    values: dict[str, Any] = {}
    if state in _DECIDED:
        values |= {"decided_at": now(), "decided_by": make_office().id}
    if state in _ANSWERED:
        values["answered_at"] = now()
    if state is MatchState.DECLINED:
        values["decline_reason"] = DeclineReason.OTHER
    if state is MatchState.REFUSED:
        values["refusal_reason"] = RefusalReason.CIRCUMSTANCES
    if state is MatchState.ENDED:
        values |= {"ended_at": now(), "end_reason": EndReason.COORDINATOR}
    return values


def make_policy(**changes: Any) -> Policy:
    """A policy's first version, with nothing in it."""
    with writing():
        return add(Policy(**{"version": 1, "body": {}, "created_at": now()} | changes))


def make_run(**changes: Any) -> MatchingRun:
    """A finished run over nobody, under version 1 of the policy, which is made where there is none."""
    with writing():
        if "policy_version" not in changes and session().get(Policy, 1) is None:
            make_policy()
        values = {
            "kind": SupportKind.LETTER_WRITER,
            "day": today(),
            "policy_version": 1,
            "input_digest": "0" * 64,
            "objective": {},
            "certificate": {},
            "uncovered_by_tier": [0] * 6,
            "excluded": {},
            "seconds": {},
            "finished_at": now(),
        }
        return add(MatchingRun(**values | changes))
