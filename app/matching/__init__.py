"""Matching: hard rules, tiers and fit turn facts into an instance; the solver turns it into the one best plan. Pure.

`docs/matching.md` says what is promised. Whoever uses this package needs only what stands here:

    scored = score(facts, policy)          # hard rules, tiers, fit, with reasons
    plan = solve(scored.instance, policy)  # the best proposals, with a certificate
    solve(tomorrow, policy, near=plan.certificate)  # as without it, but sooner
    verdict = verify(scored.instance, plan, policy)
    scored.terms(prisoner_id, sponsor_id)  # why this pair
    explain(facts, prisoner_id=…, sponsor_id=…, plan=plan, policy=policy)  # why, why not, what would change it
    what_if(facts, OtherCapacity(sponsor_id, 3), policy)  # the difference that one change makes

Only `solve` loads OR-Tools, and only when it is called.
"""

from app.matching.alternatives import ELIGIBLE, Counts, RunnerUp, left_alone, plan_prices, runners_up
from app.matching.difference import Change, Difference, Figures, PairShift, PrisonerShift, SponsorShift, difference
from app.matching.difference_file import plain_difference
from app.matching.explanation import Explanation, Scarce, exact_loss, explain, ruled_out
from app.matching.facts import FactSheet, PrisonerFacts, SponsorFacts, Wishes
from app.matching.facts_file import read_facts
from app.matching.fingerprint import facts_line, fingerprint
from app.matching.instance import Instance, OpenCapacity, OpenSeats
from app.matching.instance_file import read_instance, write_instance, write_scored
from app.matching.plan import Certificate, Objective, Plan, PlanPrices
from app.matching.plan_file import read_plan, write_plan
from app.matching.policy import DEFAULT_POLICY, Policy, changed_numbers
from app.matching.policy_file import read_policy
from app.matching.scoring import ScoredInstance, score
from app.matching.situation import Situation, alone_by_tier, situation
from app.matching.solver import solve
from app.matching.verify import Verdict, verify
from app.matching.what_if import OtherCapacity, OtherPolicy, OtherSeats, Paused, what_if
from app.matching.worth import Loss

__all__ = [
    "DEFAULT_POLICY",
    "ELIGIBLE",
    "Certificate",
    "Change",
    "Counts",
    "Difference",
    "Explanation",
    "FactSheet",
    "Figures",
    "Instance",
    "Loss",
    "Objective",
    "OpenCapacity",
    "OpenSeats",
    "OtherCapacity",
    "OtherPolicy",
    "OtherSeats",
    "PairShift",
    "Paused",
    "Plan",
    "PlanPrices",
    "Policy",
    "PrisonerFacts",
    "PrisonerShift",
    "RunnerUp",
    "Scarce",
    "ScoredInstance",
    "Situation",
    "SponsorFacts",
    "SponsorShift",
    "Verdict",
    "Wishes",
    "alone_by_tier",
    "changed_numbers",
    "difference",
    "exact_loss",
    "explain",
    "facts_line",
    "fingerprint",
    "left_alone",
    "plain_difference",
    "plan_prices",
    "read_facts",
    "read_instance",
    "read_plan",
    "read_policy",
    "ruled_out",
    "runners_up",
    "score",
    "situation",
    "solve",
    "verify",
    "what_if",
    "write_instance",
    "write_plan",
    "write_scored",
]
