"""`flask demo …`: the invented world of the demo."""

import click

from app.cli.options import CommandGroup, json_option, now_option, print_json
from app.clock import now
from app.demo import logins
from app.demo.seeding import FEWEST_PRISONERS, FEWEST_SPONSORS, Order, seed
from app.errors import NotAllowed, NotFound
from app.one_time_codes import code_at, step_at
from app.queries.accounts import second_factor_behind
from app.settings import current_settings

demo_commands = CommandGroup("demo", help="The demo's invented people; refused anywhere but in the demo.")


@demo_commands.command("code")
@click.argument("email")
@now_option
def code_command(*, email: str) -> None:
    """Print the code that the log-in of EMAIL, a member of the demo's staff, asks for now.

    A code works once: while the present one is used up, the next one is printed, which works already.
    """
    if not current_settings().demo:
        raise NotAllowed("Codes are printed in the demo only.")
    factor = second_factor_behind(email)
    if factor is None:
        raise NotFound(f"{email} has no second factor.")
    step = max(step_at(now()), (factor.last_step or 0) + 1)
    click.echo(code_at(factor.seed or "", step))


@demo_commands.command("seed")
@click.option("--prisoners", type=click.IntRange(FEWEST_PRISONERS), default=400, show_default=True)
@click.option("--sponsors", type=click.IntRange(FEWEST_SPONSORS), default=900, show_default=True)
@click.option("--matches", type=click.IntRange(0), help="At most so many; without it, as many as matching finds.")
@click.option("--seed", "number", type=int, default=1, show_default=True, help="The same number: the same people.")
@now_option
@json_option
def seed_command(*, prisoners: int, sponsors: int, matches: int | None, number: int, as_json: bool) -> None:
    """Fill an empty database with invented people and two years of matches.

    Run again, it changes nothing and prints the same.
    """
    order = Order(prisoners=prisoners, sponsors=sponsors, matches=matches, seed=number)
    counts = seed(order, tell=lambda line: click.echo(line, err=True))
    people = logins.printed()
    if as_json:
        print_json({**counts, "logins": people})
        return
    click.echo(", ".join(f"{many} {what}" for what, many in counts.items()))
    for person in people:
        secret = person["totp_secret"] or ""
        click.echo(f"{person['role']:<15} {person['email']:<32} {person['password']}  {secret}".rstrip())
