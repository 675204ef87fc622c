"""What it costs to explain a whole run, beside solving it: both ends of the prices, runners-up, whom it leaves alone.

CPU seconds of each step, and the peak of the process's memory once it is done. Other sizes, also the largest
(many minutes), when named:

    python -m benchmarks.bench_reasons [PRISONERS SPONSORS]
"""

import argparse
import resource
import time
from collections.abc import Callable
from typing import TypeVar

from app.matching import left_alone, plan_prices, runners_up, score, solve
from benchmarks.facts import invented_facts
from benchmarks.world import introduce, table

SIZES = ((1_400, 3_000), (5_000, 50_000))
KIBIBYTES_IN_MEBIBYTE = 1_024

Found = TypeVar("Found")


class Steps:
    """The steps of one size, as rows of a table."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []

    def take(self, name: str, act: Callable[[], Found]) -> Found:
        """Take a step and write down what it cost."""
        begun = time.process_time()
        found = act()
        seconds = time.process_time() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTES_IN_MEBIBYTE
        self.rows.append([name, f"{seconds:.2f}", f"{peak:,.0f}"])
        return found


def measure(prisoners: int, sponsors: int) -> None:
    """Print the steps of one size."""
    facts, steps = invented_facts(prisoners, sponsors), Steps()
    instance = steps.take("score", lambda: score(facts)).instance
    plan = steps.take("solve", lambda: solve(instance))
    prices = steps.take("plan_prices", lambda: plan_prices(instance, plan))
    following = steps.take("runners_up", lambda: runners_up(instance, plan, prices))
    alone = steps.take("left_alone", lambda: left_alone(facts, plan))
    print(f"\n### {prisoners:,} × {sponsors:,}, {len(instance.pairs):,} pairs, {len(plan.pairs):,} proposals\n")
    print(f"{len(following):,} prisoners have a runner-up, {len(alone):,} are left alone.\n", flush=True)
    table(["step", "CPU seconds", "peak of memory so far, MiB"], steps.rows)


def main() -> None:
    """Measure the size that was named, or the usual ones."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_reasons")
    parser.add_argument("size", nargs="*", type=int, metavar="NUMBER", help="prisoners and sponsors")
    size = parser.parse_args().size
    if len(size) not in (0, 2):
        parser.error("two numbers are needed: prisoners and sponsors")
    introduce("Explaining a whole run")
    for prisoners, sponsors in [tuple(size)] if size else SIZES:
        measure(prisoners, sponsors)


if __name__ == "__main__":
    main()
