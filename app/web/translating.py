"""The words of pages and mails in the reader's language.

A page holds hundreds of them, so what happens for each one counts. Flask-Babel spells out the language's name to find
its catalogue, and Jinja calls three functions for each word; here the catalogue is kept beside the language, and one
function does what the three do.
"""

from collections.abc import Callable
from typing import Any

from babel import Locale
from babel.support import NullTranslations
from flask import Flask
from flask_babel import Babel, Domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


class Catalogues(Domain):
    """Flask-Babel's catalogues, each kept for as long as the program runs, as there; found by the language itself."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain=domain)
        self._by_locale: dict[Locale, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        """The catalogue of the language of this moment; `force_locale` may change it between two words."""
        locale = get_locale()
        found = self._by_locale.get(locale)
        if found is None:
            found = super().get_translations()
            if locale is not None:
                self._by_locale[locale] = found
        return found


def _filled(eval_context: EvalContext, text: str, variables: dict[str, Any]) -> str:
    """The translation with its variables, which are escaped where the template is; `%%` stands for a per cent sign."""
    if eval_context.autoescape:
        text = Markup(text)  # noqa: S704 - our own words, or a translator's
    return text % variables if variables or "%" in text else text


def _gettext(catalogues: Catalogues) -> Callable[..., str]:
    @pass_eval_context
    def gettext(eval_context: EvalContext, text: str, /, **variables: Any) -> str:
        return _filled(eval_context, catalogues.get_translations().ugettext(text), variables)

    return gettext


def _ngettext(catalogues: Catalogues) -> Callable[..., str]:
    @pass_eval_context
    def ngettext(eval_context: EvalContext, singular: str, plural: str, number: int, /, **variables: Any) -> str:
        text = catalogues.get_translations().ungettext(singular, plural, number)
        return _filled(eval_context, text, {"num": number} | variables)

    return ngettext


def init_app(app: Flask, babel: Babel) -> None:
    """Let Python's and the templates' `_` and `ngettext` use these catalogues."""
    babel.domain_instance = catalogues = Catalogues(app.extensions["babel"].default_domain)
    gettext = _gettext(catalogues)
    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=_ngettext(catalogues))
