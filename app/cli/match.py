"""`flask match …`: matching runs on the database, and the same engine on files.

The files are INSTANCE.json, PLAN.json and FACTS.json of docs/matching.md. Output is written whole or not at all.
"""

from datetime import date, datetime
from pathlib import Path

import click

from app import matching
from app.actions import runs
from app.cli.options import CommandGroup, input_file, json_option, naming, now_option, print_json, write_whole
from app.cli.progress import stages
from app.cli.reasons import explained, explained_lines
from app.clock import today
from app.errors import BadInput, NotFound
from app.queries import reasons
from app.task_words import RunStage
from app.transaction import transaction
from app.vocabulary import SupportKind

output_file = click.Path(dir_okay=False, path_type=Path)
output_option = click.option("--output", required=True, type=output_file, help="Where to write.")

match_commands = CommandGroup("match", help="Matching: who should support whom, and why.")


@match_commands.command("run")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in SupportKind]))
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day to reckon for; today by default.")
@click.option("--apply", "keep", is_flag=True, help="Keep the run and its proposals; without it nothing is written.")
@now_option
@json_option
def run_command(*, kind: str, day: datetime | None, keep: bool, as_json: bool) -> None:
    """Find the best proposals for every open seat of one support kind."""
    with stages() as tell:
        computed = runs.compute(SupportKind(kind), _day(day), tell)
        if keep:
            tell(RunStage.KEEP)
        answer = {"run": _kept(computed) if keep else None, **computed.summary()}
    if as_json:
        print_json(answer)
        return
    covered = sum(answer["newly_covered_by_tier"])
    click.echo(f"{answer['proposals']} proposals; {covered} prisoners get their first supporter of this kind.")
    click.echo(f"Kept as run {answer['run']}." if keep else "Nothing was written: --apply keeps them.")


def _day(given: datetime | None) -> date:
    return given.date() if given else today()


def _kept(computed: runs.ComputedRun) -> str:
    with transaction():
        return runs.store(computed, by=None).id


@match_commands.command("score")
@click.argument("facts", type=input_file)
@output_option
def score_command(*, facts: Path, output: Path) -> None:
    """Apply hard rules, tiers and fit to FACTS.json; write INSTANCE.json with its terms."""
    with naming(facts):
        scored = matching.score(matching.read_facts(facts))
    write_whole(output, matching.write_scored(scored))
    click.echo(f"{len(scored.instance.pairs)} eligible pairs; {sum(scored.excluded.values())} ruled out.")


@match_commands.command("solve")
@click.argument("instance", type=input_file)
@output_option
def solve_command(*, instance: Path, output: Path) -> None:
    """Find the one best plan for INSTANCE.json; write PLAN.json with its certificate."""
    with naming(instance):
        problem = matching.read_instance(instance)
    plan = matching.solve(problem)
    write_whole(output, matching.write_plan(plan))
    click.echo(f"{len(plan.pairs)} pairs, {plan.objective.points} points.")


@match_commands.command("verify")
@click.argument("instance", type=input_file)
@click.argument("plan", type=input_file)
def verify_command(*, instance: Path, plan: Path) -> None:
    """Check without a solver that PLAN.json is feasible and best for INSTANCE.json; exit 1 with the reason if not."""
    with naming(instance):
        problem = matching.read_instance(instance)
    with naming(plan):
        proposed = matching.read_plan(plan)
    verdict = matching.verify(problem, proposed)
    if not verdict.ok:
        raise click.ClickException(str(verdict.reason))
    click.echo("feasible and optimal")


@match_commands.command("explain")
@click.argument("prisoner")
@click.argument("sponsor")
@now_option
@json_option
def explain_command(*, prisoner: str, sponsor: str, as_json: bool) -> None:
    """Say why PRISONER and SPONSOR (ids) can be matched today, or the first hard rule that forbids it.

    Where a run of the kind has been kept, say also what it would cost, what would change it, and who would have been
    next for the prisoner.
    """
    try:
        found = reasons.of_pair(prisoner, sponsor, day=today())
    except NotFound as nobody:
        raise BadInput(str(nobody)) from nobody
    if as_json:
        print_json(explained(found))
        return
    for line in explained_lines(found):
        click.echo(line)
