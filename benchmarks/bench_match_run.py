"""Where the time of a matching run goes, from the start of the program to the kept proposals.

One world with every seat open; each run works on a copy of it. The start (Python, the libraries, the application) is
that of the command's `--help` beside each run. The engine is `score`, `solve`, `verify` and `explain`: everything that
does not know of a database. Outside of it are the start, reading the facts, and keeping the run, its
proposals and the audit trail in one durable commit.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from app import create_app
from app.actions import runs
from app.clock import today
from app.extensions import db
from app.transaction import transaction
from app.vocabulary import SupportKind
from benchmarks.world import ROOT, environment, introduce, invented_world, spread, table
from config import Settings

PRISONERS, SPONSORS = 1_400, 3_000
RUNS = 5
ENGINE = ("score", "solve", "verify", "explain")
OUTSIDE = ("start", "read", "keep")
STAGES = ("start", "read", "score", "solve", "verify", "explain", "keep")


def start_seconds() -> float:
    """How long the program takes until it could begin to read."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "match", "run", "--help"]
    variables = os.environ | {"VESTKA_DEMO": "1", "VESTKA_INSTANCE_DIR": tempfile.gettempdir()}
    begun = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=variables, check=True, capture_output=True)  # noqa: S603 - our own command
    return time.perf_counter() - begun


def run_once(world: Path, kind: SupportKind) -> tuple[dict[str, float], int]:
    """Seconds of each stage, and how many proposals the run made."""
    with tempfile.TemporaryDirectory(prefix="vestka-bench-") as name:
        folder = Path(shutil.copytree(world, Path(name) / "instance"))
        app = create_app(Settings.from_environment(environment(folder)))
        with app.app_context():
            computed = runs.compute(kind, today())
            solved = time.perf_counter()
            with transaction():
                runs.store(computed, by=None)
            kept = time.perf_counter()
            db.engine.dispose()
    if not computed.optimal:
        raise RuntimeError("the run was not optimal")
    seconds = {"start": start_seconds(), **computed.seconds, "keep": kept - solved}
    return seconds, len(computed.plan.pairs)


def measure(world: Path, kind: SupportKind) -> None:
    """Print the table of one kind."""
    found = [run_once(world, kind) for _ in range(RUNS)]
    print(f"\n{kind.value}: {found[0][1]:,} proposals in each of {RUNS} runs\n")
    parts: dict[str, tuple[str, ...]] = {stage: (stage,) for stage in STAGES}
    parts |= {"the engine": ENGINE, "outside the engine": OUTSIDE, "outside, without the start": OUTSIDE[1:]}
    rows = [_row(name, stages, [seconds for seconds, _count in found]) for name, stages in parts.items()]
    table(["stage", "seconds: median (least–greatest)", "% of the whole"], rows)


def _row(name: str, stages: tuple[str, ...], found: list[dict[str, float]]) -> list[str]:
    seconds = [sum(run[stage] for stage in stages) for run in found]
    shares = [100 * part / sum(run.values()) for part, run in zip(seconds, found, strict=True)]
    return [name, spread(seconds), spread(shares, ".0f")]


def main() -> None:
    """Print a table for each support kind."""
    introduce(f"A matching run at {PRISONERS:,} prisoners and {SPONSORS:,} sponsors, every seat open")
    with invented_world(prisoners=PRISONERS, sponsors=SPONSORS, matches=0) as app:
        for kind in SupportKind:
            measure(app.config["VESTKA"].instance_dir, kind)


if __name__ == "__main__":
    main()
