from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching import sources
from app.matching.pairs import Pairs, cheapest_of_each
from app.matching.sources import AllButOne, ListedPairs, PairSource
from app.matching.tariff import ANY, ROLES, Tariff

SPONSORS = 5


def some_pairs(*rows: tuple[int, int, int]) -> Pairs:
    return Pairs.of(*np.array(rows, dtype=np.int64).reshape(-1, 3).T)


def rows_of(found: Pairs) -> list[tuple[int, int, int]]:
    return list(zip(found.prisoner.tolist(), found.sponsor.tolist(), found.fit.tolist(), strict=True))


ROWS = [(0, 1, 10), (0, 4, 20), (1, 0, 30), (3, 2, 40), (3, 3, 50), (3, 4, 60)]
PRISONERS = 4
SOURCE = ListedPairs(some_pairs(*ROWS), PRISONERS, SPONSORS)


def rows_in(blocks: Iterable[Pairs]) -> list[tuple[int, int, int]]:
    return [row for block in blocks for row in rows_of(block)]


@pytest.mark.parametrize("block", [1, 2, 3, 100])
def test_blocks_hold_every_pair_once_and_nobodys_pairs_are_split(monkeypatch, block):
    monkeypatch.setattr(sources, "BLOCK_PAIRS", block)

    blocks = list(SOURCE.blocks())

    assert rows_in(blocks) == ROWS
    people = [set(found.prisoner.tolist()) for found in blocks]
    assert sum(map(len, people)) == len(set().union(*people))


def every_fit(source: PairSource) -> dict[tuple[int, int], int]:
    everybody = np.array([(p, s) for p in range(PRISONERS) for s in range(SPONSORS)], dtype=np.int32)
    fits = source.fits(*everybody.T).tolist()
    return {(p, s): fit for (p, s), fit in zip(everybody.tolist(), fits, strict=True) if fit}


def test_the_fit_of_who_is_no_eligible_pair_is_0():
    assert every_fit(SOURCE) == {(p, s): fit for p, s, fit in ROWS}
    assert every_fit(ListedPairs(some_pairs(), PRISONERS, SPONSORS)) == {}


def prices(*of_sponsor: int, of_prisoner: Sequence[int] = (0, 0, 0, 0)) -> Tariff:
    """One price for each sponsor, and one for all of a prisoner's slots."""
    of_slot = np.repeat(np.array(of_prisoner, dtype=np.int64), len(ROLES))
    return Tariff(np.zeros(SPONSORS, dtype=np.int64), np.array(of_sponsor, dtype=np.int64), of_slot)


def best_rows(source: PairSource, tariff: Tariff, most: int = 9, **limits: object) -> list[tuple[int, int, int]]:
    limits = {"below": ANY, **limits}
    return rows_in(source.best(tariff, most=np.full(PRISONERS, most), **limits))


def test_the_best_pairs_are_those_that_pay_least_above_their_fit():
    tariff = prices(0, 5, 0, 20, 0, of_prisoner=(0, 0, 0, 45))

    assert best_rows(SOURCE, tariff, 1) == [(0, 4, 20), (1, 0, 30), (3, 4, 60)]
    assert best_rows(SOURCE, tariff, 2) == [(0, 1, 10), (0, 4, 20), (1, 0, 30), (3, 2, 40), (3, 4, 60)]
    assert best_rows(SOURCE, tariff, below=0) == [(0, 1, 10), (0, 4, 20), (1, 0, 30), (3, 4, 60)]
    assert best_rows(SOURCE, tariff, 1, among=np.array([False, True, True, True])) == [(1, 0, 30), (3, 4, 60)]


def test_within_reach_is_what_pays_no_more_than_its_fit():
    assert rows_in(SOURCE.within_reach(prices(0, 11, 40, 51, 60))) == [(1, 0, 30), (3, 2, 40), (3, 4, 60)]


def test_a_source_knows_the_highest_fit_of_everybody():
    assert SOURCE.highest_fit().tolist() == [20, 30, 0, 60]


def test_a_source_without_one_pair_has_all_the_others():
    source = AllButOne(SOURCE, 3, 3)
    others = [row for row in ROWS if row != (3, 3, 50)]
    free = prices(0, 0, 0, 0, 0)

    assert len(source) == 5
    assert rows_in(source.blocks()) == rows_in(source.within_reach(free)) == best_rows(source, free) == others
    assert every_fit(source) == {(p, s): fit for p, s, fit in others}
    assert [row for row in best_rows(source, free, 2) if row[0] == 3] == [(3, 2, 40), (3, 4, 60)]
    assert (source.highest_fit() >= [20, 30, 0, 60]).all()


@st.composite
def blocks(draw: st.DrawFn) -> tuple[Pairs, np.ndarray]:
    people = draw(st.lists(st.integers(0, 3), unique=True))
    rows = [(p, s, 1) for p in people for s in sorted(draw(st.sets(st.integers(0, 9), min_size=1)))]
    numbers = st.integers(-(1 << 59), 1 << 59) | st.integers(-2, 2)
    costs = draw(st.lists(numbers, min_size=len(rows), max_size=len(rows)))
    return some_pairs(*rows), np.array(costs, dtype=np.int64)


@settings(max_examples=300, deadline=None)
@given(blocks(), st.lists(st.integers(1, 4), min_size=4, max_size=4))
def test_the_cheapest_pairs_of_each_prisoner_are_found(given_block, most):
    block, cost = given_block

    places = cheapest_of_each(block, cost, most=np.array(most)).tolist()

    for person in set(block.prisoner.tolist()):
        own = sorted(cost[block.prisoner == person].tolist())
        found = sorted(int(cost[place]) for place in places if block.prisoner[place] == person)
        assert len(found) == min(len(own), most[person])
        assert [min(value - own[0], 1 << 42) for value in found] == [
            min(value - own[0], 1 << 42) for value in own[: most[person]]
        ]


def test_prisoners_who_are_alike_are_not_offered_the_same_sponsors():
    block = some_pairs(*((p, s, 50) for p in range(20) for s in range(200)))

    places = cheapest_of_each(block, np.zeros(len(block), dtype=np.int64), most=np.full(20, 5))

    assert len(set(block.sponsor[places].tolist())) > 30
