"""Words of templates: in the language of the moment, filled as Jinja's own would be, and safe."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, g
from flask_babel import Babel, force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.web import translating

BELARUSIAN = {
    "Read": "Чытаць",
    "Hello, %(name)s": "Вітаем, <b>%(name)s</b>",
    ("%(num)d letter", "%(num)d letters"): ("%(num)d ліст", "%(num)d лісты", "%(num)d лістоў"),
}
LAZY = _l("Read")


def _application(folder: Path, *, ours: bool) -> Flask:
    """An application with a Belarusian catalogue: with our lookup, or with Flask-Babel's and Jinja's own."""
    catalogue = Catalog(locale="be")
    for original, translation in BELARUSIAN.items():
        catalogue.add(original, translation)
    place = folder / "be" / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    app, babel = Flask("words"), Babel()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(folder)
    babel.init_app(app, locale_selector=lambda: g.get("wanted", "en"))
    if ours:
        translating.init_app(app, babel)
    return app


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """One with our lookup."""
    return _application(tmp_path, ours=True)


@pytest.mark.parametrize("language", ["en", "be", "ru"])
@pytest.mark.parametrize("autoescape", [True, False])
@pytest.mark.parametrize(
    "template",
    [
        "{{ _('Read') }}",
        "{{ gettext('Read') }}",
        "{{ _('Hello, %(name)s', name=who) }}",
        "{{ ngettext('%(num)d letter', '%(num)d letters', 5) }}",
        "{{ ngettext('%(num)s letter', '%(num)s letters', 1, num='a') }}",
        "{{ _('100 %% sure') }}",
        "{{ _('<i>kept</i>') }}",
        "{{ lazy }}",
    ],
)
def test_words_are_what_the_libraries_make_of_them(
    tmp_path: Path, template: str, autoescape: bool, language: str
) -> None:
    said = []
    for ours in (True, False):
        app = _application(tmp_path, ours=ours)
        source = f"{{% autoescape {str(autoescape).lower()} %}}{template}{{% endautoescape %}}"
        with app.app_context():
            g.wanted = language
            said.append(app.jinja_env.from_string(source).render(who="<script>", lazy=LAZY))

    assert said[0] == said[1]
    assert "<script>" not in said[0] or not autoescape


def test_each_request_reads_its_own_language_and_a_forced_one_ends_with_its_block(app: Flask) -> None:
    template = app.jinja_env.from_string("{{ _('Read') }}")

    said = []
    for wanted in ("en", "be", "en"):
        with app.app_context():
            g.wanted = wanted
            said.append((template.render(), _("Read"), str(LAZY)))
            with force_locale("be"):
                said.append((template.render(), _("Read"), str(LAZY)))
            said.append((template.render(), _("Read"), str(LAZY)))

    english, belarusian = ("Read",) * 3, ("Чытаць",) * 3
    assert said == [english, belarusian, english, belarusian, belarusian, belarusian, english, belarusian, english]


def test_nothing_is_remembered_where_there_is_no_request_to_ask(app: Flask) -> None:
    catalogues = app.extensions["babel"].instance.domain_instance

    assert catalogues.get_translations().ugettext("Read") == "Read"
    with app.app_context():
        g.wanted = "be"
        assert catalogues.get_translations().ugettext("Read") == "Чытаць"
