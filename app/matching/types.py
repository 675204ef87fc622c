"""The array types that the rooms of this package share. Pure."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Numbers: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]
Points: TypeAlias = NDArray[np.int16]


def exact_sum(values: Ints) -> int:
    """The sum of non-negative integers as a Python integer: never wraps, whatever the values and however many."""
    high = int(np.sum(values >> 32, dtype=np.int64))
    low = int(np.sum(values & 0xFFFFFFFF, dtype=np.int64))
    return (high << 32) + low
