"""INSTANCE.json: one matching problem as a file that outsiders write and read. Pure.

The format is `vestka.instance/1` of `docs/matching.md`. Reading refuses by name of the place; writing gives the same
bytes for the same instance.
"""

import json
from pathlib import Path

import numpy as np

from app.matching.instance import Instance, OpenCapacity, OpenSeats
from app.matching.policy import HIGHEST_FIT
from app.matching.reading import Node, check_format, id_pairs, load, unique_ids
from app.matching.scoring import ScoredInstance
from app.matching.tiers import TIERS
from app.matching.types import Ints
from app.matching.writing import lines, written
from app.vocabulary import SponsorRole

FORMAT = "vestka.instance/1"
MOST_SEATS = 1_000
MOST_CAPACITY = 1_000
MOST_COUNTED = 1_000_000
"""No count of supporters or weeks is larger: it would be a mistake, and need not fit a machine word."""

KNOWN = ("prisoners", "sponsors", "pairs")


def read_instance(path: Path) -> Instance:
    """Read an instance. Raises BadInput naming the place of whatever the format does not allow."""
    return instance_from(load(path))


def instance_from(file: Node) -> Instance:
    """The instance in a parsed file; unknown names at the top are ignored. Raises BadInput as `read_instance`."""
    check_format(file, FORMAT)
    top = file.members()
    for name in KNOWN:
        if name not in top:
            raise file.inside(name).refuse("is missing")
    prisoners, sponsors = top["prisoners"].items(), top["sponsors"].items()
    known = (unique_ids(prisoners), unique_ids(sponsors))
    columns = _read_pairs(top["pairs"], known)
    instance, order = Instance.of(
        prisoners=[_read_prisoner(node) for node in prisoners],
        sponsors=[_read_sponsor(node) for node in sponsors],
        pairs=columns,
        previous=tuple(id_pairs(top["previous"], known)) if "previous" in top else (),
    )
    _refuse_twice(instance, order)
    return instance


def write_instance(instance: Instance) -> bytes:
    """The file's bytes, the same for the same instance."""
    return written(_parts(instance))


def write_scored(scored: ScoredInstance) -> bytes:
    """The instance's bytes with `terms` (parallel to `pairs`) and `excluded` (pairs by first failing hard rule)."""
    return written({**_parts(scored.instance), "terms": _terms_json(scored), "excluded": _compact(scored.excluded)})


def _read_prisoner(node: Node) -> OpenSeats:
    found = node.fields(("id", "tier", "seats", "supporters", "role_seats"))
    return OpenSeats(
        id=found["id"].text(),
        tier=found["tier"].whole(0, TIERS - 1),
        seats=found["seats"].whole(0, MOST_SEATS),
        supporters=found["supporters"].whole(0, MOST_COUNTED),
        role_seats=read_role_seats(found["role_seats"]),
    )


def read_role_seats(node: Node) -> dict[SponsorRole, int]:
    """The limits of the roles that are named."""
    limits = node.members()
    return {Node(name, limit.place).word(SponsorRole): limit.whole(0, MOST_SEATS) for name, limit in limits.items()}


def _read_sponsor(node: Node) -> OpenCapacity:
    found = node.fields(("id", "role", "capacity"), optional=("waiting_weeks",))
    return OpenCapacity(
        id=found["id"].text(),
        role=found["role"].word(SponsorRole),
        capacity=found["capacity"].whole(0, MOST_CAPACITY),
        waiting_weeks=found["waiting_weeks"].whole(0, MOST_COUNTED) if "waiting_weeks" in found else 0,
    )


def _read_pairs(node: Node, known: tuple[dict[str, int], dict[str, int]]) -> tuple[Ints, Ints, Ints]:
    """The columns of `pairs`. There may be millions, so only a refused one becomes a node."""
    if not isinstance(node.value, list):
        raise node.refuse("must be a list")
    prisoner_places, sponsor_places = known
    table = np.empty((3, len(node.value)), dtype=np.int64)
    for number, row in enumerate(node.value):
        try:
            prisoner, sponsor, fit = row
            table[0, number] = prisoner_places[prisoner]
            table[1, number] = sponsor_places[sponsor]
            if type(fit) is not int or not 0 < fit < 100 or type(row) is not list:
                raise ValueError
            table[2, number] = fit
        except (TypeError, ValueError, KeyError):
            raise _refused_pair(Node(row, f"{node.place}[{number}]"), known) from None
    return table[0], table[1], table[2]


def _refused_pair(node: Node, known: tuple[dict[str, int], dict[str, int]]) -> Exception:
    items = node.items()
    if len(items) != 3:
        return node.refuse("must be a prisoner's id, a sponsor's id and their fit")
    for item, places, whose in zip(items, known, ("prisoner", "sponsor"), strict=False):
        if item.text() not in places:
            return item.refuse(f"no {whose} has the id {item.value!r}")
    items[2].whole(1, 99)
    return node.refuse("cannot be read")


def _refuse_twice(instance: Instance, order: Ints) -> None:
    twice = np.flatnonzero(np.diff(instance.listed.keys(len(instance.sponsors))) == 0)
    if len(twice):
        place = int(order[twice + 1].min())
        raise Node(None, f"pairs[{place}]").refuse("stands twice")


def _parts(instance: Instance) -> dict[str, str]:
    return {
        "format": _compact(FORMAT),
        "prisoners": lines([_compact(_prisoner_json(person)) for person in instance.prisoners]),
        "sponsors": lines([_compact(vars(person)) for person in instance.sponsors]),
        "pairs": lines(_pair_rows(instance)),
        "previous": lines([_compact(pair) for pair in instance.previous]),
    }


def _prisoner_json(person: OpenSeats) -> dict[str, object]:
    limits = {role.value: person.role_seats[role] for role in sorted(person.role_seats)}
    return {**vars(person), "role_seats": limits}


def _pair_rows(instance: Instance) -> list[str]:
    prisoners = [_compact(person.id) for person in instance.prisoners]
    sponsors = [_compact(person.id) for person in instance.sponsors]
    pairs = instance.listed
    columns = (pairs.prisoner.tolist(), pairs.sponsor.tolist(), pairs.fit.tolist())
    return [f"[{prisoners[p]},{sponsors[s]},{fit}]" for p, s, fit in zip(*columns, strict=True)]


def _terms_json(scored: ScoredInstance) -> str:
    """Few combinations of terms recur over many pairs, so each is written once."""
    terms = scored.points(scored.instance.listed)
    code = np.zeros(len(scored.instance.listed), dtype=np.int64)
    for points in terms.values():
        code = code * (HIGHEST_FIT + 1) + points
    _, example, number = np.unique(code, return_index=True, return_inverse=True)
    combinations = [
        _compact({name: int(points[pair]) for name, points in terms.items() if points[pair]})
        for pair in example.tolist()
    ]
    return lines([combinations[combination] for combination in number.tolist()])


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
