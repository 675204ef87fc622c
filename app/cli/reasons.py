"""The answer of `flask match explain`, as an object and as lines."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from app.queries import reasons


def explained(found: reasons.PairReasons) -> dict[str, Any]:
    """The object of docs/commands.md, `flask match explain`."""
    rule, then = found.now.rule, found.then
    in_the_run = then.explanation if then else None
    loss = in_the_run.loss_at_least if in_the_run else None
    runner_up = _runner_up(found)
    return {
        "prisoner": found.now.prisoner_id,
        "sponsor": found.now.sponsor_id,
        "kind": found.now.kind,
        "eligible": rule is None,
        "rule": rule.name if rule else None,
        "sentence": rule.sentence if rule else None,
        "fit": found.now.fit,
        "terms": found.now.terms,
        "tier": found.now.tier,
        "vulnerability": found.now.vulnerability,
        "run": found.run.id if found.run else None,
        "proposed": in_the_run.proposed if in_the_run else None,
        "loss_at_least": asdict(loss) if loss else None,
        "scarce": list(in_the_run.scarce) if in_the_run else [],
        "changed_since": _changed(then) if then else [],
        "runner_up": asdict(runner_up) if runner_up else None,
    }


def explained_lines(found: reasons.PairReasons) -> Iterator[str]:
    """The same for people who read."""
    if found.now.rule is not None:
        yield f"No: {found.now.rule.name}: {found.now.rule.sentence}"
    else:
        yield f"Yes: fit {found.now.fit}"
        yield from (f"  {points:>3} {term}" for term, points in found.now.terms.items())
    yield f"Tier {found.now.tier}"
    yield from (f"  {points:>3} {fact}" for fact, points in found.now.vulnerability.items())
    if found.run and found.then:
        yield f"In the last run, {found.run.id} of {found.run.finished_at:%Y-%m-%d %H:%M} UTC:"
        yield from (f"  {line}" for line in _run_lines(found.then, _runner_up(found)))


def _run_lines(then: reasons.InTheRun, runner_up: reasons.Following | None) -> Iterator[str]:
    if then.explanation.proposed:
        yield "these two were proposed."
    elif then.explanation.loss_at_least is not None:
        yield f"these two: {_at_least(then.explanation.loss_at_least)}."
        scarce = ", ".join(then.explanation.scarce) or "nothing that there could be more of"
        yield f"scarce: {scarce}."
    if runner_up is not None:
        who = runner_up.sponsor_id or "somebody who has left"
        yield f"next for the prisoner: {who}, {_at_least(runner_up.loss_at_least)}."
    if changed := _changed(then):
        yield f"changed since: {', '.join(changed)}; the next run reckons anew."


def _at_least(loss: reasons.Loss) -> str:
    if loss.first_supporters:
        return f"at the cost of first supporters (weight {loss.first_supporters} or more)"
    if not loss.points:
        return "perhaps as good for everyone together"
    return f"at least {loss.points} points worse for everyone together"


def _changed(then: reasons.InTheRun) -> list[str]:
    flags = {"prisoner": then.prisoner_changed, "sponsor": then.sponsor_changed, "policy": then.policy_changed}
    return [name for name, changed in flags.items() if changed]


def _runner_up(found: reasons.PairReasons) -> reasons.Following | None:
    return reasons.runner_up(found.run.id, found.now.prisoner_id) if found.run else None
