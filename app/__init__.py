"""Vestka: pairs people who stand by political prisoners with the prisoners who have nobody.

This module wires the application together and does nothing else.
"""

from inspect import iscoroutinefunction

from flask import Flask
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli, jobs, limiting, web
from app.actions import blind_indexes, seal_keys
from app.database import engine_options, prepare_engine
from app.errors import SealBroken, SecretChanged
from app.extensions import babel, bootstrap, csrf, db, limiter, login_manager, mailer
from app.logs import configure_logs
from app.transaction import mail_queued, matching_asked, transaction
from config import MissingSetting, Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The application for `settings`, or for the environment's. Raises config.MissingSetting when it may not start."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, instance_path=str(settings.instance_dir))
    app.config.from_mapping(settings.flask_config())
    configure_logs(app)
    _trust_proxies(app, settings.trusted_proxies)
    _bind_database(app, settings)
    _bind_extensions(app)
    web.init_app(app)
    cli.init_app(app)
    mail_queued.connect(_wake_worker)
    matching_asked.connect(_wake_matching)
    _check_keys(app, new_secret=settings.new_secret)
    return app


def _trust_proxies(app: Flask, number: int) -> None:
    """Let that many proxies in front say who asked and over which scheme; a header of one more is a forgery."""
    if number:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=number, x_proto=number)  # type: ignore[method-assign]


def _bind_database(app: Flask, settings: Settings) -> None:
    settings.instance_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    app.config["SQLALCHEMY_ENGINES"] = {"default": engine_options(settings.database_url)}
    db.init_app(app)
    # The extension also closes asynchronous sessions, which would start an event loop at the end of every request;
    # we open none.
    app.teardown_appcontext_funcs = [close for close in app.teardown_appcontext_funcs if not iscoroutinefunction(close)]
    with app.app_context():
        prepare_engine(db.engine)


def _check_keys(app: Flask, *, new_secret: bool) -> None:
    """Refuse to start with keys that cannot open what stands in the database, or a secret that finds nobody (P2)."""
    with app.app_context():
        try:
            if not seal_keys.check():
                with transaction():
                    seal_keys.begin()
            if not new_secret:
                blind_indexes.check()
        except SecretChanged as wrong:
            raise MissingSetting(
                "VESTKA_SECRET_KEY is not the one that this database was written with, and nobody could log in: set it "
                "back. If it has to be another one from now on: VESTKA_NEW_SECRET=1 flask keys reindex"
            ) from wrong
        except SealBroken as wrong:
            raise MissingSetting(
                "VESTKA_SEAL_KEYS lacks a key that this database was written with, or has another one under its id: "
                "set it back"
            ) from wrong
        except DBAPIError:
            return  # out of reach, or not migrated yet: nothing can be opened either
        finally:
            db.session.rollback()
            db.engine.dispose()  # no connection is carried into a process that is forked from this one


def _bind_extensions(app: Flask) -> None:
    csrf.init_app(app)
    mailer.init_app(app)
    bootstrap.init_app(app)
    babel.init_app(app, locale_selector=web.locale_of_request)
    login_manager.init_app(app)
    app.config["RATELIMIT_STORAGE_URI"] = limiting.ADDRESS
    limiter.init_app(app)


def _wake_worker(_sender: object) -> None:
    jobs.wake()


def _wake_matching(_sender: object) -> None:
    jobs.wake_matching()
