"""One transition table for each entity that has a state, and the one function that reads them. Pure.

A state changes nowhere but through `check_move`; the tests try every pair of states, legal or not.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from app.errors import InvalidTransition
from app.task_words import TaskState
from app.vocabulary import LetterState, MatchState, OutgoingState, QuarantineState, VettingState
from app.watch_words import ExportState

State = TypeVar("State", bound=StrEnum)

MATCH_MOVES: Mapping[MatchState, frozenset[MatchState]] = {
    MatchState.PROPOSED: frozenset({MatchState.APPROVED, MatchState.DECLINED, MatchState.WITHDRAWN}),
    # Back to proposed only while the offer's mail is still held: see `actions.matches.take_back`.
    MatchState.APPROVED: frozenset(
        {MatchState.ACTIVE, MatchState.REFUSED, MatchState.LAPSED, MatchState.PROPOSED, MatchState.WITHDRAWN}
    ),
    MatchState.ACTIVE: frozenset({MatchState.PAUSED, MatchState.ENDED}),
    MatchState.PAUSED: frozenset({MatchState.ACTIVE, MatchState.ENDED}),
    # An event was corrected, or the person returned to custody.
    MatchState.ENDED: frozenset({MatchState.ACTIVE}),
    MatchState.DECLINED: frozenset(),
    MatchState.REFUSED: frozenset(),
    MatchState.LAPSED: frozenset(),
    MatchState.WITHDRAWN: frozenset(),
}

VETTING_MOVES: Mapping[VettingState, frozenset[VettingState]] = {
    VettingState.PENDING: frozenset({VettingState.VETTED, VettingState.REJECTED}),
    VettingState.VETTED: frozenset({VettingState.PENDING, VettingState.REJECTED}),
    VettingState.REJECTED: frozenset({VettingState.PENDING}),
}

LETTER_MOVES: Mapping[LetterState, frozenset[LetterState]] = {
    LetterState.DRAFT: frozenset({LetterState.CHECKED, LetterState.SENT}),
    LetterState.CHECKED: frozenset({LetterState.DRAFT, LetterState.SENT}),
    LetterState.SENT: frozenset(
        {LetterState.REPLY_RECEIVED, LetterState.REFUSED_BY_CENSOR, LetterState.RETURNED, LetterState.NO_WORD}
    ),
    # Post that was given up may still arrive, or come back.
    LetterState.NO_WORD: frozenset({LetterState.REPLY_RECEIVED, LetterState.REFUSED_BY_CENSOR, LetterState.RETURNED}),
    LetterState.REPLY_RECEIVED: frozenset(),
    LetterState.REFUSED_BY_CENSOR: frozenset(),
    LetterState.RETURNED: frozenset(),
}

MAIL_MOVES: Mapping[OutgoingState, frozenset[OutgoingState]] = {
    OutgoingState.QUEUED: frozenset({OutgoingState.SENDING, OutgoingState.SUPPRESSED}),
    OutgoingState.SENDING: frozenset(
        {
            OutgoingState.SENT,
            OutgoingState.WAITING,
            OutgoingState.FAILED,
            OutgoingState.SUPPRESSED,
            OutgoingState.IN_DOUBT,
        }
    ),
    OutgoingState.WAITING: frozenset({OutgoingState.SENDING, OutgoingState.SUPPRESSED}),
    # A person looked: "it went" or "send again"; or it came back.
    OutgoingState.IN_DOUBT: frozenset({OutgoingState.SENT, OutgoingState.QUEUED, OutgoingState.FAILED}),
    # It came back.
    OutgoingState.SENT: frozenset({OutgoingState.FAILED}),
    OutgoingState.FAILED: frozenset(),
    OutgoingState.SUPPRESSED: frozenset(),
}

QUARANTINE_MOVES: Mapping[QuarantineState, frozenset[QuarantineState]] = {
    QuarantineState.WAITING: frozenset(
        {QuarantineState.SAME_PERSON, QuarantineState.NEW_PERSON, QuarantineState.LEFT_OUT}
    ),
    # Whoever decided wrongly has the decision forgotten: what the row said is gone, and the next list brings it anew.
    QuarantineState.SAME_PERSON: frozenset(),
    QuarantineState.NEW_PERSON: frozenset(),
    QuarantineState.LEFT_OUT: frozenset(),
}

TASK_MOVES: Mapping[TaskState, frozenset[TaskState]] = {
    TaskState.WAITING: frozenset({TaskState.RUNNING, TaskState.STOPPED}),
    # Back to waiting when the worker is told to stop: the next one begins it again.
    TaskState.RUNNING: frozenset({TaskState.DONE, TaskState.STOPPED, TaskState.WAITING}),
    TaskState.DONE: frozenset(),
    TaskState.STOPPED: frozenset(),
}

EXPORT_MOVES: Mapping[ExportState, frozenset[ExportState]] = {
    ExportState.ASKED: frozenset({ExportState.APPROVED, ExportState.DECLINED}),
    ExportState.APPROVED: frozenset({ExportState.DOWNLOADED}),
    ExportState.DECLINED: frozenset(),
    ExportState.DOWNLOADED: frozenset(),
}


def check_move(moves: Mapping[State, frozenset[State]], before: State, after: State) -> None:
    """Raise InvalidTransition unless `moves` leads from `before` to `after`."""
    if after not in moves[before]:
        raise InvalidTransition(f"This is {before.value.replace('_', ' ')} and cannot become {after.value}.")
