"""`flask db …`: the schema's way up and down, through Alembic."""

from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from app.cli.options import CommandGroup
from app.extensions import db

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

db_commands = CommandGroup("db", help="The database schema.")


def alembic_config() -> Config:
    """Alembic's configuration for the running application's database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["engine"] = db.engine
    return config


@db_commands.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the schema up to REVISION (the newest by default)."""
    command.upgrade(alembic_config(), revision)


@db_commands.command()
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the schema down to REVISION; `base` takes everything away."""
    command.downgrade(alembic_config(), revision)


@db_commands.command()
def current() -> None:
    """Print the revision the database stands at."""
    command.current(alembic_config())


@db_commands.command()
def check() -> None:
    """Exit 0 when the database's schema is what the models say, else 1 with what differs."""
    try:
        command.check(alembic_config())
    except CommandError as failure:
        click.echo(str(failure), err=True)
        raise SystemExit(1) from failure


@db_commands.command()
@click.argument("message")
def revision(message: str) -> None:
    """Write a new migration from the difference between models and database."""
    command.revision(alembic_config(), message=message, autogenerate=True)
