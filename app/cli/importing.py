"""`flask prisoners import`: a dry run unless told to apply (docs/commands.md)."""

from datetime import date
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.actions import imports
from app.actions.imports import ImportOrder
from app.actions.list_orders import ListOptions, order_of, source_name
from app.cli.import_report import print_report, print_warnings
from app.cli.options import fail, json_option, now_option, print_json
from app.cli.showing import choice
from app.errors import BadInput, NotAllowed
from app.importing import Diff, Format, read_mapping
from app.importing.decoding import load
from app.permissions import Viewer
from app.places import country_codes
from app.queries import accounts
from app.transaction import transaction
from app.vocabulary import Publicity, PublicityBasis


def _source(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        return source_name(value)
    except BadInput as wrong:
        fail(f"--source: {wrong}")


def _day(_context: click.Context, _parameter: click.Parameter, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        fail(f"--as-of must be a day such as 2026-11-22, not {value!r}")


def _country(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and value.upper() not in country_codes():
        fail(f"--country must be an ISO 3166-1 code of two letters such as BY, not {value!r}")
    return value.upper() if value else None


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", required=True, metavar="NAME", callback=_source, help="Who publishes the list, e.g. viasna.")
@click.option("--as-of", required=True, metavar="DATE", callback=_day, help="The day the list stands for.")
@click.option("--format", "shape", type=choice(Format), default=Format.AUTO.value, show_default=True)
@click.option("--mapping", type=click.Path(path_type=Path), metavar="MAP.json", help="What the file's headings mean.")
@click.option("--country", metavar="CC", callback=_country, help="The country that holds the list's people.")
@click.option("--publicity", type=choice([Publicity.SPONSORS_ONLY, Publicity.PUBLIC]), help="Of new records.")
@click.option("--basis", type=choice(PublicityBasis), help="What allows this publicity.")
@click.option("--by", "email", metavar="EMAIL", help="Who imports; new records join their caseload.")
@click.option("--apply", "applying", is_flag=True, help="Write; without it nothing is changed.")
@now_option
@json_option
@with_appcontext
def import_list(
    file: Path,
    *,
    source: str,
    as_of: date,
    shape: str,
    mapping: Path | None,
    country: str | None,
    publicity: str | None,
    basis: str | None,
    email: str | None,
    applying: bool,
    as_json: bool,
) -> None:
    """Compare the list in FILE with what is held, and apply it if told to.

    Publicity concerns new records only: what was decided about somebody who is held already stands.
    """
    _check_publicity(publicity, basis=basis, email=email)
    by = _importer(email) if email else None
    data = load(file, filename=file.name)
    fields = read_mapping(mapping, filename=mapping.name) if mapping else None
    options = ListOptions(
        source=source,
        as_of=as_of,
        format=shape,
        mapping=fields,
        country=country,
        publicity=Publicity(publicity) if publicity else Publicity.COORDINATORS_ONLY,
        basis=PublicityBasis(basis) if basis else None,
    )
    order = order_of(data, filename=file.name, options=options)
    diff = _apply(order, by=by) if applying else imports.preview(order.staged, by=by)
    print_warnings(order.staged)
    if as_json:
        print_json(diff.counts() | {"applied": applying})
    else:
        print_report(order, diff, applied=applying)


def _check_publicity(publicity: str | None, *, basis: str | None, email: str | None) -> None:
    if publicity and not basis:
        fail(f"--publicity needs --basis, one of: {', '.join(PublicityBasis)}")
    if publicity and not email:
        fail("--publicity needs --by, the address of whoever gives it")
    if basis and not publicity:
        fail("--basis belongs to --publicity, which is missing")


def _importer(email: str) -> Viewer:
    account = accounts.by_email(email)
    if account is None or account.disabled_at:
        raise NotAllowed("Nobody who may import has this address.")
    return accounts.viewer_of(account)


def _apply(order: ImportOrder, *, by: Viewer | None) -> Diff:
    with transaction():
        return imports.apply(order, by=by)
