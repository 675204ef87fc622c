"""`flask policy …`: the policy that runs follow, what a changed one would do, and putting it into force."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from app.actions import policies as policy_actions
from app.cli.options import CommandGroup, input_file, json_option, naming, now_option, print_json
from app.cli.progress import stages
from app.cli.showing import choice
from app.clock import today
from app.errors import BadInput, NotAllowed, StaleRecord
from app.matching import Change, Difference, Policy, changed_numbers, plain_difference, read_policy
from app.permissions import Viewer
from app.queries import accounts, dry_runs, policies
from app.queries.policies import Version
from app.transaction import transaction
from app.vocabulary import SupportKind

policy_commands = CommandGroup("policy", help="The policy: rules and weights of the matching, in versions.")


@policy_commands.command("show")
@click.option("--version", "number", type=click.IntRange(min=1), help="An earlier one; the one in force by default.")
@json_option
def show_command(*, number: int | None, as_json: bool) -> None:
    """Show the policy in force, or another version, with every number; what `compare` and `put` read."""
    kept = policies.versions()
    shown = kept[0] if number is None else next((one for one in kept if one.number == number), None)
    if shown is None:
        raise BadInput(f"--version: the newest is {kept[0].number}, and {number} is none of them")
    if as_json:
        print_json(_version(shown, in_force=shown is kept[0]))
        return
    for line in _lines(shown, in_force=shown is kept[0]):
        click.echo(line)


@policy_commands.command("compare")
@click.argument("file", type=input_file)
@click.option("--kind", type=choice(SupportKind), help="One support kind; both by default.")
@now_option
@json_option
def compare_command(*, file: Path, kind: str | None, as_json: bool) -> None:
    """Say who would gain and who would lose if the policy in FILE were in force today. Writes nothing."""
    with naming(file):
        changed = read_policy(file)
    current = policies.current()
    kinds = [SupportKind(kind)] if kind else list(SupportKind)
    found = {}
    with stages() as tell:
        for each in kinds:
            tell(f"compare {each.value}")
            found[each] = dry_runs.dry_run(each, today(), changed)
    numbers = changed_numbers(current, changed)
    if as_json:
        plain = {each.value: plain_difference(difference) for each, difference in found.items()}
        shifts = {place: list(shift) for place, shift in numbers.items()}
        print_json({"version": current.version, "changed": shifts, "kinds": plain})
        return
    click.echo(f"Beside version {current.version}, which is in force:")
    for place, (old, new) in numbers.items():
        click.echo(f"  {place}: {_shown(old)} -> {_shown(new)}")
    for each, difference in found.items():
        for line in _difference(each, difference):
            click.echo(line)


@policy_commands.command("put")
@click.argument("file", type=input_file)
@click.option("--by", "email", required=True, metavar="EMAIL", help="The administrator who puts it into force.")
@now_option
@json_option
def put_command(*, file: Path, email: str, as_json: bool) -> None:
    """Put the policy in FILE into force as a new version, which every run follows from now on."""
    with naming(file):
        policy = read_policy(file)
    by = _administrator(email)
    with transaction():
        current = policies.current().version
        if policy.version not in (None, current):
            raise StaleRecord(f"FILE was made from version {policy.version}; {current} is in force. Compare again.")
        version = policy_actions.put_into_force(policy, by=by, seen_version=current or 0)
    if as_json:
        print_json({"version": version})
        return
    click.echo(f"Version {version} is in force.")


def _administrator(email: str) -> Viewer:
    account = accounts.by_email(email)
    if account is None or account.disabled_at:
        raise NotAllowed("Nobody who may set the policy has this address.")
    return accounts.viewer_of(account)


def _version(version: Version, *, in_force: bool) -> dict[str, Any]:
    return {
        "version": version.number,
        "in_force": in_force,
        "since": version.since.isoformat() if version.since else None,
        "by": version.by,
        "policy": version.policy.to_dict(),
    }


def _lines(version: Version, *, in_force: bool) -> Iterator[str]:
    since = (
        f", since {version.since:%Y-%m-%d %H:%M} UTC by {version.by or 'nobody who is left'}" if version.since else ""
    )
    yield f"Version {version.number}{' (in force)' if in_force else ''}{since}"
    defaults = Policy().numbers()
    for place, number in version.policy.numbers().items():
        aside = "" if number == defaults[place] else f"   (default {_shown(defaults[place])})"
        yield f"  {_shown(number):>5} {place}{aside}"


def _shown(number: int) -> str:
    return {True: "yes", False: "no"}[number] if isinstance(number, bool) else str(number)


def _difference(kind: SupportKind, found: Difference) -> Iterator[str]:
    yield ""
    yield f"{kind.value}:"
    for name, (old, new) in _figures(found).items():
        yield f"  {name}: {old} -> {new}"
    yield f"  pairs: {found.kept} kept, {len(found.new)} new, {len(found.gone)} gone"
    yield "  prisoners: " + ", ".join(f"{len(found.who(change))} {change.value}" for change in Change)
    for heading, people in (("newly covered", found.newly_covered), ("newly alone", found.newly_alone)):
        yield f"  {heading}: {len(people)}"
        for person in people:
            reasons = [f"{name} {old} -> {new}" for name, (old, new) in person.urgency.items()]
            reasons += [f"fit: {name}" for name in person.terms] + [f"rule: {name}" for name in person.rules]
            why = "; ".join(reasons) or "nothing of their own changed"
            yield f"    {person.id} tier {person.tier[0]} -> {person.tier[1]} ({why})"


def _figures(found: Difference) -> Mapping[str, tuple[object, object]]:
    before, after = found.before, found.after
    return {
        "proposals": (before.proposals, after.proposals),
        "newly covered by tier": (before.objective.newly_covered_by_tier, after.objective.newly_covered_by_tier),
        "still alone by tier": (before.alone_by_tier, after.alone_by_tier),
        "points": (before.objective.points, after.objective.points),
        "points, both by the new numbers": (found.remeasured.points, after.objective.points),
    }
