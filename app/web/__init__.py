"""Everything that answers a browser: one package per audience, and the rules that hold for all of them."""

from babel import Locale
from flask import Flask, request

from app.extensions import babel
from app.web import access, errorhandlers, headers, labels, mail_words, reading, translating
from app.web.account.blueprint import blueprint as account
from app.web.admin.blueprint import blueprint as admin
from app.web.coordinator.blueprint import blueprint as coordinator
from app.web.gallery import blueprint as gallery
from app.web.public.blueprint import blueprint as public
from app.web.sponsor.blueprint import blueprint as sponsor

# English as it is written in Europe, with the day before the month.
_LOCALES = {"en": Locale.parse("en_GB")}


def init_app(app: Flask) -> None:
    """Register every audience's pages and the access, header and error rules around them."""
    headers.init_app(app)
    access.init_app(app)
    reading.init_app(app)
    errorhandlers.init_app(app)
    labels.init_app(app)
    mail_words.init_app(app)
    translating.init_app(app, babel)
    for audience in (public, account, sponsor, coordinator, admin):
        app.register_blueprint(audience)
    if app.config["VESTKA"].demo:
        app.register_blueprint(gallery)


def locale_of_request() -> Locale:
    """The language this page is shown in: the browser's best among those we have."""
    best = request.accept_languages.best_match(_LOCALES) if request else None
    return _LOCALES[best or "en"]
