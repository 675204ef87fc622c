"""One solve in a process of its own, for its time and its peak of memory: `python -m benchmarks.peak WHAT P S`.

Prints one line of JSON. The peak is that of the process less what it held when all was imported; the facts count.
"""

import json
import resource
import sys
import time
from pathlib import Path

from ortools.graph.python import min_cost_flow  # noqa: F401 - here already, so that it counts as imported

from app.matching import DEFAULT_POLICY, Instance, Objective, Plan, score, solve, verify
from app.matching.certificate import prices_of
from app.matching.limits import role_limits
from app.matching.network import build_frame
from app.matching.prices import certificate_of
from app.matching.pricing import first_levels
from app.matching.worth import objective_of
from benchmarks.facts import invented_facts
from benchmarks.yardsticks import bare_flow

PAGE = resource.getpagesize()


def all_pairs(instance: Instance) -> Objective:
    """Every pair in one network."""
    return objective_of(instance, bare_flow(instance), DEFAULT_POLICY)


def all_levels(instance: Instance) -> Objective:
    """The engine; it verifies every plan it gives back."""
    return solve(instance).objective


def two_levels(instance: Instance) -> Objective:
    """The engine's first two levels, and the certificate that proves them."""
    plan = first_plan(instance)
    verdict = verify(instance, plan)
    if not verdict.ok:
        raise RuntimeError(f"not proved: {verdict.reason}")
    return plan.objective


def first_plan(instance: Instance) -> Plan:
    """A plan that is best at levels 1 and 2, whichever of all that are, with its certificate."""
    frame = build_frame(instance, role_limits(instance), policy=DEFAULT_POLICY)
    best = first_levels(frame)
    network, flow = best.face.network, best.face.flow
    pairs = network.chosen(flow)
    return Plan(
        pairs=instance.ids_of(pairs),
        objective=objective_of(instance, pairs, DEFAULT_POLICY),
        certificate=certificate_of(instance, frame.limits, prices_of(network, flow=flow, distance=best.distance)),
        unique=False,
    )


WAYS = {way.__name__: way for way in (all_pairs, all_levels, two_levels)}


def held() -> int:
    """Bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE


def main() -> None:
    """Solve and say what it took."""
    way, prisoners, sponsors = WAYS[sys.argv[1]], int(sys.argv[2]), int(sys.argv[3])
    imported = held()
    facts = invented_facts(prisoners, sponsors)
    begun = time.process_time()
    instance = score(facts).instance
    scored = time.process_time()
    if way is all_pairs:
        _ = instance.listed  # what it costs to list the pairs is not the solver's
        scored = time.process_time()
    objective = way(instance)
    seconds = time.process_time() - scored
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - imported
    print(
        json.dumps(
            {
                "pairs": len(instance.pairs),
                "score": scored - begun,
                "seconds": seconds,
                "peak": peak,
                "covered": list(objective.newly_covered_by_tier),
                "points": objective.points,
            }
        )
    )


if __name__ == "__main__":
    main()
