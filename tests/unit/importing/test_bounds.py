"""Time and memory of the largest list (docs/threats.md, F2)."""

import time
import tracemalloc

import pytest

from app.errors import BadInput
from app.importing import MAX_ROWS, compare, reading
from tests.unit.importing.lists import staged


def rows(number: int) -> bytes:
    lines = (f'{at},"Вымышлены-{at} Алесь",19{at % 90 + 10}' for at in range(number))
    return b"id,name,birthday\n" + "\n".join(lines).encode()


@pytest.mark.slow
def test_the_longest_list_is_read_and_compared_in_seconds() -> None:
    data = rows(MAX_ROWS)
    start = time.process_time()
    found = compare(staged(data), [])
    assert len(found.entries) == MAX_ROWS
    assert time.process_time() - start < 30


@pytest.mark.slow
def test_memory_grows_by_the_row_and_not_by_the_file() -> None:
    data = rows(10_000)
    tracemalloc.start()
    staged(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000 * 2_500


def test_one_row_past_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    assert staged(rows(3)).rows == 3
    with pytest.raises(BadInput, match=r"list\.csv: more than 3 data rows"):
        staged(rows(4))


@pytest.mark.slow
@pytest.mark.parametrize(("start", "filling"), [(b"id,name\n", b","), (b"id,name\n1,", b'"\n",'), (b"[", b"[],")])
def test_a_file_without_an_end_to_its_first_row_is_refused_at_once(start: bytes, filling: bytes) -> None:
    data = start + filling * (30_000_000 // len(filling))
    began = time.process_time()
    with pytest.raises(BadInput):
        staged(data)
    assert time.process_time() - began < 10
