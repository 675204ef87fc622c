"""How long a coordinator waits for the exact figure of a runner-up.

The whole of `queries.exact.exact_loss`: reading everybody, scoring, and levels 1 and 2 solved twice. One world with
every seat open, one run of each kind kept; the figure of each of the first `PAIRS` runners-up.
"""

import time

from app.actions import runs
from app.clock import today
from app.queries.exact import NoFigure, exact_loss
from app.transaction import transaction
from app.vocabulary import SupportKind
from benchmarks.world import introduce, invented_world, spread, table

PRISONERS, SPONSORS = 1_400, 3_000
PAIRS = 5


def measure(kind: SupportKind) -> list[object]:
    """A row for one kind: seconds by the clock and of the processor."""
    computed = runs.compute(kind, today())
    with transaction():
        runs.store(computed, by=None)
    clock, processor = [], []
    for prisoner_id, runner_up in list(computed.reasons.runners_up.items())[:PAIRS]:
        begun, spent = time.perf_counter(), time.process_time()
        found = exact_loss(prisoner_id, runner_up.sponsor_id, kind=kind, day=today())
        clock.append(time.perf_counter() - begun)
        processor.append(time.process_time() - spent)
        if isinstance(found, NoFigure) or found < runner_up.loss_at_least:
            raise RuntimeError(f"{found} cannot be where at least {runner_up.loss_at_least} was said")
    return [kind.value, f"{len(computed.scored.instance.pairs):,}", spread(clock), spread(processor)]


def main() -> None:
    """Print one table."""
    introduce(f"The exact figure at {PRISONERS:,} prisoners and {SPONSORS:,} sponsors, {PAIRS} pairs of each kind")
    with invented_world(prisoners=PRISONERS, sponsors=SPONSORS, matches=0) as app, app.app_context():
        rows = [measure(kind) for kind in SupportKind]
    table(["kind", "eligible pairs", "seconds: median (least–greatest)", "CPU seconds"], rows)


if __name__ == "__main__":
    main()
