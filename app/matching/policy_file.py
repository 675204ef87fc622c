"""A policy as a file that administrators write: what `flask policy show --json` prints. Pure."""

from pathlib import Path

from app.matching.policy import Policy
from app.matching.reading import load


def read_policy(path: Path) -> Policy:
    """The policy under `policy`, or, where there is no such name, the whole object; what is missing has its default.

    Beside `policy` other names are ignored. Raises BadInput naming every place at fault.
    """
    top = load(path).members()
    members = top["policy"].members() if "policy" in top else top
    return Policy.from_dict({name: node.value for name, node in members.items()})
