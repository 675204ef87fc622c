"""Every pair of states of every entity, legal or not."""

import itertools
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from app.errors import InvalidTransition
from app.task_words import TaskState
from app.transitions import (
    EXPORT_MOVES,
    LETTER_MOVES,
    MAIL_MOVES,
    MATCH_MOVES,
    QUARANTINE_MOVES,
    TASK_MOVES,
    VETTING_MOVES,
    check_move,
)
from app.vocabulary import LetterState, MatchState, OutgoingState, QuarantineState, VettingState
from app.watch_words import ExportState

LEGAL = {
    MatchState: {
        ("proposed", "approved"), ("proposed", "declined"), ("proposed", "withdrawn"),
        ("approved", "active"), ("approved", "refused"), ("approved", "lapsed"), ("approved", "proposed"),
        ("approved", "withdrawn"), ("active", "paused"), ("active", "ended"), ("paused", "active"),
        ("paused", "ended"), ("ended", "active"),
    },
    VettingState: {
        ("pending", "vetted"), ("pending", "rejected"), ("vetted", "pending"), ("vetted", "rejected"),
        ("rejected", "pending"),
    },
    LetterState: {
        ("draft", "checked"), ("draft", "sent"), ("checked", "draft"), ("checked", "sent"),
        ("sent", "reply_received"), ("sent", "refused_by_censor"), ("sent", "returned"), ("sent", "no_word"),
        ("no_word", "reply_received"), ("no_word", "refused_by_censor"), ("no_word", "returned"),
    },
    QuarantineState: {("waiting", "same_person"), ("waiting", "new_person"), ("waiting", "left_out")},
    OutgoingState: {
        ("queued", "sending"), ("queued", "suppressed"), ("sending", "sent"), ("sending", "waiting"),
        ("sending", "failed"), ("sending", "suppressed"), ("sending", "in_doubt"), ("waiting", "sending"),
        ("waiting", "suppressed"), ("in_doubt", "sent"), ("in_doubt", "queued"),
        ("in_doubt", "failed"), ("sent", "failed"),
    },
    TaskState: {
        ("waiting", "running"), ("waiting", "stopped"), ("running", "done"), ("running", "stopped"),
        ("running", "waiting"),
    },
    ExportState: {("asked", "approved"), ("asked", "declined"), ("approved", "downloaded")},
}  # fmt: skip
TABLES: tuple[tuple[type[StrEnum], Mapping[Any, frozenset[Any]]], ...] = (
    (MatchState, MATCH_MOVES),
    (VettingState, VETTING_MOVES),
    (LetterState, LETTER_MOVES),
    (OutgoingState, MAIL_MOVES),
    (QuarantineState, QUARANTINE_MOVES),
    (TaskState, TASK_MOVES),
    (ExportState, EXPORT_MOVES),
)
EVERY_PAIR = [
    pytest.param(kind, moves, before, after, id=f"{kind.__name__}-{before}-{after}")
    for kind, moves in TABLES
    for before, after in itertools.product(kind, kind)
]


@pytest.mark.parametrize(("kind", "moves", "before", "after"), EVERY_PAIR)
def test_a_state_moves_only_where_the_field_says_so(
    kind: type[StrEnum], moves: Mapping[Any, frozenset[Any]], before: StrEnum, after: StrEnum
) -> None:
    if (before.value, after.value) in LEGAL[kind]:
        check_move(moves, before, after)
        return
    with pytest.raises(InvalidTransition):
        check_move(moves, before, after)
