"""`flask users …`: the first way in, and the last."""

import re
import sys

import click

from app.actions import accounts, second_factors, sessions
from app.cli.options import CommandGroup
from app.errors import BadInput
from app.queries.accounts import by_email
from app.transaction import transaction
from app.vocabulary import StaffRole

LONGEST_ADDRESS = 254
_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")

users_commands = CommandGroup("users", help="Members of staff.")


@users_commands.command("create-admin")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
def create_admin(*, email: str, password_stdin: bool) -> None:
    """Make the administrator EMAIL, who appoints everybody else.

    Asks for the password without showing it.
    """
    _check_address(email)
    password = _line_of_stdin() if password_stdin else _asked_for()
    with transaction():
        accounts.appoint(email=email, password=password, roles=[StaffRole.ADMINISTRATOR])
    click.echo(f"{email} is an administrator now.")


@users_commands.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(*, email: str) -> None:
    """Take away the second factor of EMAIL, who lost it: the way back for the only administrator.

    They are logged out everywhere and told by mail. Staff set up a new one at their next log-in.
    """
    with transaction():
        account = second_factors.reset(email=email, by=None)
        sessions.end_all(account.id)
    click.echo(f"{email} logs in without a second factor now.")


def _check_address(email: str) -> None:
    if len(email) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(email) or not email.isprintable():
        raise BadInput(f"{email!r} is not an e-mail address.")
    if by_email(email) is not None:
        raise BadInput(f"{email} has an account already.")


def _line_of_stdin() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _asked_for() -> str:
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return password
