"""What the matching engine costs, beside what it could be compared with, and what its promises are worth.

Every case makes its own invented facts. What counts is CPU time, as a ratio to a yardstick that takes turns with it in
the same process; memory is measured in processes of their own. The slow cases are run only when named:

    python -m benchmarks.bench_engine [CASE ...]
"""

import argparse
import json
import math
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from app.matching import DEFAULT_POLICY, Certificate, FactSheet, Instance, Plan, score, solve
from app.matching.facts import IdPair
from app.matching.pairs import Pairs
from app.matching.plan_file import write_plan
from app.matching.worth import objective_of
from app.vocabulary import DetentionStatus
from benchmarks.facts import invented_facts
from benchmarks.peak import first_plan
from benchmarks.world import ROOT, introduce, spread, table
from benchmarks.yardsticks import bare_flow, greedy, networkx_flow

PRISONERS, SPONSORS = 1_400, 3_000
MANY_SPONSORS = 30_000
LARGE = (5_000, 50_000)
VAST = (20_000, 200_000)
ROUNDS = 5
PAUSES = 5
MEGABYTE = 1 << 20

Timed = Mapping[str, Callable[[], object]]


def in_turns(targets: Timed, rounds: int = ROUNDS) -> dict[str, list[float]]:
    """CPU seconds of each target in every round; they take turns, after one round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in targets}
    for number in range(rounds + 1):
        for name, act in targets.items():
            begun = time.process_time()
            act()
            if number:
                seconds[name].append(time.process_time() - begun)
    return seconds


def ratios(found: dict[str, list[float]], name: str, yardstick: str) -> str:
    """Target ÷ yardstick in every round, with their spread."""
    return spread([one / other for one, other in zip(found[name], found[yardstick], strict=True)])


def middle() -> None:
    """1,400 × 3,000: the engine beside a bare flow and beside scoring"""
    facts = invented_facts(PRISONERS, SPONSORS)
    instance = score(facts).instance
    found = in_turns(
        {
            "bare flow": lambda: bare_flow(instance),
            "score": lambda: score(facts),
            "engine": lambda: solve(score_fresh(instance)),
            "first two levels": lambda: first_plan(score_fresh(instance)),
        }
    )
    agree(solve(instance), bare_flow(instance), instance)
    _title(f"{PRISONERS:,} × {SPONSORS:,}, {len(instance.pairs):,} pairs")
    rows = [
        [name, spread(seconds), ratios(found, name, "bare flow"), ratios(found, name, "score")]
        for name, seconds in found.items()
    ]
    table(["", "CPU seconds: median (least–greatest)", "÷ bare flow", "÷ score"], rows)


def wide() -> None:
    """1,400 × 30,000: the first two levels beside a bare flow"""
    instance = score(invented_facts(PRISONERS, MANY_SPONSORS)).instance
    targets = {
        "first two levels": lambda: first_plan(instance),
        "engine": lambda: solve(instance),
        "bare flow": lambda: bare_flow(instance),
    }
    _ = instance.listed  # the bare flow needs the list; the engine does not look at it
    found = in_turns(targets, rounds=3)
    agree(first_plan(instance), bare_flow(instance), instance)
    _title(f"{PRISONERS:,} × {MANY_SPONSORS:,}, {len(instance.pairs):,} pairs")
    rows = [[name, spread(seconds), ratios(found, name, "bare flow")] for name, seconds in found.items()]
    table(["", "CPU seconds: median (least–greatest)", "÷ bare flow"], rows)


def growth() -> None:
    """how the time grows with the programme, at 2.14 sponsors for each prisoner"""
    sizes = [(350, 750), (700, 1_500), (1_400, 3_000), (2_800, 6_000), (5_600, 12_000)]
    rows, sides = [], []
    for prisoners, sponsors in sizes:
        facts = invented_facts(prisoners, sponsors)
        instance = score(facts).instance
        found = in_turns({"score": partial(score, facts), "engine": partial(solve, instance)}, rounds=3)
        medians = {name: statistics.median(seconds) for name, seconds in found.items()}
        sides.append((prisoners, medians))
        rows.append(
            [f"{prisoners:,} × {sponsors:,}", f"{len(instance.pairs):,}", *(f"{medians[n]:.2f}" for n in found)]
        )
    _title("Growth at a fixed ratio of prisoners to sponsors")
    table(["", "pairs", "score, CPU seconds", "engine, CPU seconds"], rows)
    for name in ("score", "engine"):
        print(f"\n{name}: seconds grow with the number of people to the power of {_exponent(sides, name):.2f}")


def _exponent(sides: list[tuple[int, dict[str, float]]], name: str) -> float:
    """The slope of the logarithms, by least squares, over the sizes of which the last are the largest."""
    points = [(math.log(size), math.log(medians[name])) for size, medians in sides]
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def calm() -> None:
    """how many proposals one sponsor's pause breaks, with level 3 and without"""
    facts = invented_facts(PRISONERS, SPONSORS)
    before = score(facts).instance
    plan = solve(before)
    plain = set(before.ids_of(bare_flow(before)))
    rows = []
    for sponsor_id in random.Random(1).sample(sorted({sponsor for _, sponsor in plan.pairs}), PAUSES):  # noqa: S311
        after = score(paused(replace(facts, previous=frozenset(plan.pairs)), {sponsor_id})).instance
        own = {pair for pair in plan.pairs if pair[1] == sponsor_id}
        rows.append(
            [
                len(own),
                broken(plan.pairs, solve(after).pairs),
                broken(plan.pairs, solve(replace(after, previous=())).pairs),
                broken(plain, after.ids_of(bare_flow(after))),
            ]
        )
    _title(f"One of {SPONSORS:,} sponsors pauses; {len(plan.pairs):,} proposals stood before ({PAUSES} sponsors)")
    table(["the sponsor's own", "broken by the engine", "broken without level 3", "broken by the bare flow"], rows)


def broken(before: set[IdPair] | tuple[IdPair, ...], after: tuple[IdPair, ...]) -> int:
    return len(set(before) - set(after))


def warm() -> None:
    """a run after small changes, with the certificate of the run before and without"""
    facts = invented_facts(PRISONERS, SPONSORS)
    plan = solve(score(facts).instance)
    rows = []
    for name, changed in small_changes(facts).items():
        instance = score(replace(changed, previous=frozenset(plan.pairs))).instance
        found = in_turns({"cold": partial(anew, instance), "warm": partial(anew, instance, near=plan.certificate)})
        same = write_plan(solve(instance)) == write_plan(solve(instance, near=plan.certificate))
        rows.append(
            [name, spread(found["cold"]), spread(found["warm"]), ratios(found, "warm", "cold"), "yes" if same else "NO"]
        )
    _title(f"A run again at {PRISONERS:,} × {SPONSORS:,}; {len(plan.pairs):,} proposals stood before")
    table(["what changed", "cold, CPU seconds", "warm, CPU seconds", "warm ÷ cold", "the same bytes"], rows)


def small_changes(facts: FactSheet) -> dict[str, FactSheet]:
    """The facts as they might be on another day."""
    rnd = random.Random(2)  # noqa: S311 - invented people are no secret
    some = {person.id for person in rnd.sample(facts.sponsors, 30)}
    fresh = tuple(replace(one, id=f"N{one.id}") for one in invented_facts(PRISONERS, 30, seed=2).sponsors)
    freed = {person.id for person in rnd.sample(facts.prisoners, 14)}
    people = tuple(
        replace(person, detention_status=DetentionStatus.RELEASED) if person.id in freed else person
        for person in facts.prisoners
    )
    few_paused, few_new = paused(facts, some), replace(facts, sponsors=(*facts.sponsors, *fresh))
    return {
        "nothing": facts,
        "one sponsor paused": paused(facts, set(sorted(some)[:1])),
        "1 % of the sponsors paused": few_paused,
        "1 % more sponsors": few_new,
        "1 % of the prisoners freed": replace(facts, prisoners=people),
        "all three": replace(few_paused, prisoners=people, sponsors=(*few_paused.sponsors, *fresh)),
    }


def paused(facts: FactSheet, ids: set[str]) -> FactSheet:
    sponsors = tuple(replace(one, paused=True) if one.id in ids else one for one in facts.sponsors)
    return replace(facts, sponsors=sponsors)


def others() -> None:
    """greedy beside the engine, with what they achieve"""
    _compare(PRISONERS, SPONSORS, {"engine": None, "bare flow": bare_flow, "greedy": greedy})


def networkx() -> None:
    """networkx beside them (minutes)"""
    ways = {"engine": None, "bare flow": bare_flow, "greedy": greedy, "networkx": networkx_flow}
    _compare(PRISONERS // 4, SPONSORS // 4, ways)
    _compare(PRISONERS, SPONSORS, ways)


def _compare(prisoners: int, sponsors: int, ways: Mapping[str, Callable[[Instance], Pairs] | None]) -> None:
    instance = score(invented_facts(prisoners, sponsors)).instance
    rows = []
    for name, way in ways.items():
        begun = time.process_time()
        objective = objective_of(instance, way(instance), DEFAULT_POLICY) if way else solve(instance).objective
        seconds = time.process_time() - begun
        by_tier = " ".join(map(str, objective.newly_covered_by_tier))
        rows.append([name, f"{seconds:.2f}", sum(objective.newly_covered_by_tier), by_tier, f"{objective.points:,}"])
    _title(f"Other ways at {prisoners:,} × {sponsors:,}")
    table(["", "CPU seconds, once", "first supporters", "by tier", "points"], rows)


def large() -> None:
    """5,000 × 50,000: time and memory beside every pair in one network (minutes, 5 GB)"""
    _in_own_processes(LARGE, ("all_pairs", "two_levels", "all_levels"))


def vast() -> None:
    """20,000 × 200,000: time and memory (many minutes)"""
    _in_own_processes(VAST, ("two_levels", "all_levels"))


def _in_own_processes(size: tuple[int, int], ways: tuple[str, ...]) -> None:
    found = {way: _alone(way, *size) for way in ways}
    rows = [
        [
            way.replace("_", " "),
            f"{one['score']:.1f}",
            f"{one['seconds']:.1f}",
            f"{one['peak'] / MEGABYTE:,.0f}",
            f"1/{found[ways[0]]['peak'] / one['peak']:.1f}",
            f"{sum(one['covered']):,}",
            f"{one['points']:,}",
        ]
        for way, one in found.items()
    ]
    _title(f"{size[0]:,} × {size[1]:,}, {found[ways[0]]['pairs']:,} pairs; each in a process of its own")
    headings = ("score", "solve", "peak of memory, MiB", f"÷ {ways[0].replace('_', ' ')}", "first supporters", "points")
    table(["", *headings], rows)


def _alone(way: str, prisoners: int, sponsors: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.peak", way, str(prisoners), str(sponsors)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def anew(instance: Instance, near: Certificate | None = None) -> Plan:
    """The plan of an instance as if nothing had been solved before, but for what is given."""
    return solve(score_fresh(instance), near=near)


def score_fresh(instance: Instance) -> Instance:
    """The same instance without anything that an earlier solve has worked out and kept."""
    return Instance(instance.prisoners, instance.sponsors, instance.pairs, instance.previous)


def agree(plan: Plan, flow: Pairs, instance: Instance) -> None:
    """Raise RuntimeError unless both are worth the same at levels 1 and 2."""
    other = objective_of(instance, flow, DEFAULT_POLICY)
    if (plan.objective.newly_covered_by_tier, plan.objective.points) != (other.newly_covered_by_tier, other.points):
        raise RuntimeError(f"the engine found {plan.objective}, the bare flow {other}")


def _title(text: str) -> None:
    print(f"\n### {text}\n", flush=True)


QUICK = (middle, wide, growth, calm, warm, others)
SLOW = (networkx, large, vast)


def main() -> None:
    """Run the cases that were named, or every quick one."""
    cases = {case.__name__: case for case in (*QUICK, *SLOW)}
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bench_engine",
        epilog="\n".join(f"  {name:<10}{case.__doc__}" for name, case in cases.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    quick = [case.__name__ for case in QUICK]
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"without any: {', '.join(quick)}")
    wanted = parser.parse_args().cases or quick
    unknown = [name for name in wanted if name not in cases]
    if unknown:
        parser.error(f"there is no case {', '.join(unknown)}")
    introduce(f"The matching engine: {', '.join(wanted)}")
    for name in wanted:
        cases[name]()


if __name__ == "__main__":
    main()
