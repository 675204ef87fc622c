from app.matching.instance import Instance
from app.matching.levels import tie_break
from app.matching.types import Ints
from tests.unit.matching.builders import an_instance, capacity, seats


def square(first: str, second: str):
    people, sponsors = [seats(first), seats(second)], [capacity("S1"), capacity("S2")]
    return an_instance(people, sponsors, [(p.id, s.id, 10) for p in people for s in sponsors])


def numbers(instance: Instance, *, nodes: int = 5, salt: int = 0) -> Ints:
    return tie_break(instance, nodes=nodes, salt=salt)(instance.listed)


def test_the_tie_break_belongs_to_the_pair_and_not_to_its_two_sides():
    modulus = 1 << 40
    for number in range(100):
        straight_1, crossed_1, crossed_2, straight_2 = numbers(square(f"A{number}", f"B{number}")).tolist()

        difference = (straight_1 + straight_2 - crossed_1 - crossed_2) % modulus

        assert 1000 < difference < modulus - 1000


def test_the_tie_break_is_the_same_on_every_machine_and_in_every_version():
    assert numbers(square("P1", "P2")).tolist() == [320973051176, 326891196080, 659222628539, 137354543943]


def test_another_salt_is_another_tie_break():
    assert numbers(square("P1", "P2"), salt=1).tolist() != numbers(square("P1", "P2")).tolist()


def test_the_tie_break_fits_the_solvers_range_for_networks_of_any_size():
    for nodes in (5, 5_000, 220_000, 3_000_000):
        highest = int(numbers(square("P1", "P2"), nodes=nodes).max())

        assert highest * (nodes + 1) ** 2 < 1 << 62
