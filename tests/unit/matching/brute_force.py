"""The best plans of a tiny instance by trying every set of pairs: written from the rules, not from the solver."""

from collections import Counter
from itertools import combinations

from app.matching.instance import Instance

SEAT_POINTS = {2: 20, 3: 10}


def best_plans(instance: Instance, *, holding: int | None = None) -> tuple[tuple, list[tuple[int, ...]]]:
    """The best value of levels 1 to 4, and every feasible set of pair numbers (`holding` one) that reaches it."""
    best: tuple = ()
    plans: list[tuple[int, ...]] = []
    for size in range(len(instance.listed) + 1):
        for pairs in combinations(range(len(instance.listed)), size):
            if not feasible(instance, pairs) or (holding is not None and holding not in pairs):
                continue
            value = value_of(instance, pairs)
            if value > best:
                best, plans = value, []
            if value == best:
                plans.append(pairs)
    return best, plans


def value_of(instance: Instance, pairs: tuple[int, ...]) -> tuple:
    """Coverage tier by tier, points, kept pairs, capped weeks of waiting: compared in this order."""
    listed = instance.listed
    beside = Counter(int(listed.prisoner[pair]) for pair in pairs)
    coverage, points = [0] * 6, sum(int(listed.fit[pair]) for pair in pairs)
    for number, count in beside.items():
        person = instance.prisoners[number]
        coverage[person.tier] += person.supporters == 0
        points += sum(SEAT_POINTS.get(person.supporters + nth, 0) for nth in range(1, count + 1))
    kept = sum(ids in instance.previous for ids in instance.ids_of(listed.at(list(pairs))))
    given = {int(listed.sponsor[pair]) for pair in pairs}
    waiting = sum(min(15, instance.sponsors[number].waiting_weeks) for number in given)
    return tuple(coverage), points, kept, waiting


def feasible(instance: Instance, pairs: tuple[int, ...]) -> bool:
    """Whether nobody has more than their seats, role seats or capacity."""
    beside, carried, roles = Counter(), Counter(), Counter()
    for pair in pairs:
        prisoner, sponsor = instance.listed.prisoner[pair], instance.listed.sponsor[pair]
        beside[prisoner] += 1
        carried[sponsor] += 1
        roles[prisoner, instance.sponsors[sponsor].role] += 1
    return (
        all(count <= instance.prisoners[number].seats for number, count in beside.items())
        and all(count <= instance.sponsors[number].capacity for number, count in carried.items())
        and all(
            count <= instance.prisoners[number].role_seats.get(role, 1000) for (number, role), count in roles.items()
        )
    )
