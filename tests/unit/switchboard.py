"""How a test knows, without waiting about, that a program it started is ready, and when it has ended."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

ANSWER_SECONDS = 20


class Switchboard:
    """Where child programs call to say that they run; a call ends when its program does."""

    def __init__(self, server: socket.socket) -> None:
        self._server = server
        self.port: int = server.getsockname()[1]
        self.calls: list[socket.socket] = []

    def next_call(self) -> socket.socket:
        call, _ = self._server.accept()
        call.settimeout(ANSWER_SECONDS)
        self.calls.append(call)
        return call


@contextmanager
def open_switchboard() -> Iterator[Switchboard]:
    """A switchboard on a free port, which hangs up on everybody at the end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(ANSWER_SECONDS)
        board = Switchboard(server)
        yield board
        for call in board.calls:
            call.close()
