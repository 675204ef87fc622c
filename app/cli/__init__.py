"""`flask` commands: thin callers of actions and queries. Contracts with outsiders: docs/commands.md."""

from flask import Flask

from app.cli.audit import audit_commands
from app.cli.db import db_commands
from app.cli.demo import demo_commands
from app.cli.keys import keys_commands
from app.cli.mail import mail_commands
from app.cli.match import match_commands
from app.cli.policy import policy_commands
from app.cli.prisoners import prisoners_commands
from app.cli.privacy import privacy_commands
from app.cli.reminders import reminders_commands
from app.cli.sponsors import sponsors_commands
from app.cli.users import users_commands
from app.cli.worker import worker_command


def init_app(app: Flask) -> None:
    """Add every command group."""
    app.cli.add_command(db_commands)
    app.cli.add_command(prisoners_commands)
    app.cli.add_command(sponsors_commands)
    app.cli.add_command(mail_commands)
    app.cli.add_command(worker_command)
    app.cli.add_command(demo_commands)
    app.cli.add_command(users_commands)
    app.cli.add_command(match_commands)
    app.cli.add_command(audit_commands)
    app.cli.add_command(reminders_commands)
    app.cli.add_command(policy_commands)
    app.cli.add_command(keys_commands)
    app.cli.add_command(privacy_commands)
