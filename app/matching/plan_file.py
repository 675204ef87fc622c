"""PLAN.json: a plan as a file that outsiders check. Pure: no solver.

The format is `vestka.plan/1` of `docs/matching.md`. The same plan gives the same bytes.
"""

import json
from dataclasses import asdict
from pathlib import Path

from app.matching.plan import Certificate, Objective, Plan
from app.matching.reading import Node, check_format, load
from app.matching.tiers import TIERS
from app.matching.writing import lines, written
from app.vocabulary import SponsorRole

FORMAT = "vestka.plan/1"
OBJECTIVE = ("newly_covered_by_tier", "points", "fit", "kept", "waiting")
CERTIFICATE = ("capacity", "seats", "role_seats", "seat_points")


def read_plan(path: Path) -> Plan:
    """Read a plan. Raises BadInput naming the place of whatever the format does not allow.

    What merely is not true (pairs that are not eligible, wrong figures, a certificate that is missing or proves
    nothing) is read as it stands: `verify` answers it with "no".
    """
    return plan_from(load(path))


def plan_from(file: Node) -> Plan:
    """The plan in a parsed file. Raises BadInput as `read_plan`."""
    check_format(file, FORMAT)
    top = file.members()
    for name in ("pairs", "objective", "unique"):
        if name not in top:
            raise file.inside(name).refuse("is missing")
    return Plan(
        pairs=tuple(_pair(node) for node in top["pairs"].items()),
        objective=_objective(top["objective"]),
        certificate=top["certificate"].optional(_certificate) if "certificate" in top else None,
        unique=top["unique"].flag(),
    )


def write_plan(plan: Plan) -> bytes:
    """The file's bytes, the same for the same plan."""
    parts = {
        "format": _compact(FORMAT),
        "pairs": lines([_compact(pair) for pair in plan.pairs]),
        "objective": _compact(asdict(plan.objective)),
        "certificate": _compact(plan.certificate and asdict(plan.certificate)),
        "unique": _compact(plan.unique),
    }
    return written(parts)


def _pair(node: Node) -> tuple[str, str]:
    items = node.items()
    if len(items) != 2:
        raise node.refuse("must be a prisoner's id and a sponsor's id")
    return items[0].text(), items[1].text()


def _objective(node: Node) -> Objective:
    of = node.fields(OBJECTIVE)
    by_tier = of["newly_covered_by_tier"]
    if len(by_tier.items()) != TIERS:
        raise by_tier.refuse(f"must be {TIERS} numbers")
    return Objective(
        newly_covered_by_tier=tuple(item.integer() for item in by_tier.items()),
        points=of["points"].integer(),
        fit=of["fit"].integer(),
        kept=of["kept"].integer(),
        waiting=of["waiting"].integer(),
    )


def _certificate(node: Node) -> Certificate:
    given = node.fields((), optional=CERTIFICATE)
    of = {name: given[name].members() if name in given else {} for name in CERTIFICATE}
    return Certificate(
        capacity=_prices(of["capacity"]),
        seats=_prices(of["seats"]),
        role_seats={prisoner: _role_prices(prices) for prisoner, prices in of["role_seats"].items()},
        seat_points=_prices(of["seat_points"]),
    )


def _prices(prices: dict[str, Node]) -> dict[str, int]:
    return {id_: price.integer() for id_, price in prices.items()}


def _role_prices(node: Node) -> dict[SponsorRole, int]:
    prices = node.members()
    return {Node(name, price.place).word(SponsorRole): price.integer() for name, price in prices.items()}


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
