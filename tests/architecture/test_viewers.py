"""Z5: whatever a page reads of people is asked for in the viewer's name, so that the question itself is narrowed."""

import ast
from collections.abc import Iterator

from tests.architecture.source import Source, python_sources

OF_PEOPLE = frozenset({"Letter", "Match", "Prisoner", "PrisonerEvent", "PrisonerRow", "Sponsor"})
"""What a query gives that is about a person."""

QUERIES = "app/queries/"


def without_viewer(source: Source) -> Iterator[tuple[str, str]]:
    """Module and name of each query that gives people to whoever asks."""
    module = source.path.removeprefix(QUERIES).removesuffix(".py").replace("/", ".")
    for function in source.tree.body:
        if not isinstance(function, ast.FunctionDef) or function.name.startswith("_") or function.returns is None:
            continue
        gives = {node.id for node in ast.walk(function.returns) if isinstance(node, ast.Name)}
        takes = {ast.unparse(each.annotation) for each in _arguments(function) if each.annotation}
        if gives & OF_PEOPLE and "Viewer" not in takes:
            yield module, function.name


def _arguments(function: ast.FunctionDef) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def viewer_offences(source: Source, queries: set[tuple[str, str]]) -> Iterator[str]:
    """Every call of such a query by a page."""
    called = {f"app.queries.{module}.{name}": name for module, name in queries}
    for call in source.calls():
        name = source.full_name(call.func)
        if name in called:
            yield source.at(call.lineno, f"`{ast.unparse(call.func)}` gives people: hand it the viewer")


def test_z5_a_page_reads_people_in_its_viewers_name() -> None:
    open_to_all = {found for source in python_sources("app/queries") for found in without_viewer(source)}

    offences = [offence for source in python_sources("app/web") for offence in viewer_offences(source, open_to_all)]

    assert not offences, "\n".join(offences)


def test_a_query_that_takes_no_viewer_and_the_page_that_calls_it_are_named() -> None:
    query = Source("app/queries/desk.py", "def sponsor(sponsor_id: str) -> Sponsor | None: ...")
    asking = Source("app/queries/desk.py", "def sponsor(viewer: Viewer, sponsor_id: str) -> Sponsor | None: ...")
    page = Source("app/web/coordinator/sponsors.py", "from app.queries import desk\ndesk.sponsor('x')")

    [offence] = viewer_offences(page, set(without_viewer(query)))

    assert offence.startswith("app/web/coordinator/sponsors.py:2:")
    assert list(without_viewer(asking)) == []
