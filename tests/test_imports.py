"""The import rule: packages in one order, no cycles, heavy libraries where they belong."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import networkx as nx
import pytest

from sandtable.cli.verbs import VERBS
from source_code import MODULES, ROOT, parsed

# A package may import from packages with a smaller number, and from itself.
LEVELS = {
    name: level
    for level, names in enumerate(
        (
            "errors lazy_names",
            "memory amounts",
            "processes",
            "units files plain_text",
            "toml_text",
            "streams",
            "ranges vocabulary mechanisms shipped representation numerals",
            "calendar symbols",
            "outcomes battle_columns track_columns",
            "battle_rows",
            "evidence laws",
            "scenario",
            "engine",
            "battles ensemble",
            "operations",
            "comparison",
            "runs single_battle",
            "campaign",
            "studies story",
            "figures",
            "report export",
            "cli",
        )
    )
    for name in names.split()
}
HOMES = {"simpy": "engine", "matplotlib": "figures"}
HEAVY = ("numpy", "scipy", "matplotlib", "pyarrow", "pydantic", "networkx", "simpy")


def name_of(path: Path) -> str:
    parts = ("sandtable", *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path) for path in MODULES}


def imports_of(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield every module imported, with submodules taken by ``from package import``.

    With each goes whether it is imported when the module is, and not later or never.
    """
    package = package_of(path)
    for node, later in statements(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, not later) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield (full if full in NAMES else base), not later


def statements(node: ast.AST, later: bool = False) -> Iterator[tuple[ast.stmt, bool]]:
    """Yield every statement under a node, and whether it is run later than the module or never."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child, later
        if not isinstance(child, ast.expr):
            yield from statements(child, later or deferred(child))


def package_of(path: Path) -> str:
    name = name_of(path)
    return name if path.name == "__init__.py" else name.rpartition(".")[0]


def violation(importer: str, imported: str) -> str | None:
    """Return what is wrong with one import, or None."""
    ours, theirs = importer.split("."), imported.split(".")
    home = HOMES.get(theirs[0])
    if home is not None and ours[1:2] != [home]:
        return f"{importer}: {theirs[0]} belongs in {home} alone"
    if theirs[0] != "sandtable" or len(theirs) == 1 or len(ours) == 1:
        return None
    if ours[1] == "__main__" or theirs[1] == ours[1]:
        return None
    if ours[1] not in LEVELS or theirs[1] not in LEVELS:
        return f"{importer} imports {imported}: no such package in the import rule"
    if LEVELS[theirs[1]] >= LEVELS[ours[1]]:
        return f"{importer} imports {imported}, which stands to its right"
    return None


def test_packages_import_only_from_their_left() -> None:
    found = [violation(name_of(path), other) for path in MODULES for other, _ in imports_of(path)]
    assert [text for text in found if text] == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("sandtable.laws.attrition", "sandtable.engine"),
        ("sandtable.laws.attrition", "sandtable.scenario.schema"),
        ("sandtable.laws.sampler", "sandtable.evidence"),
        ("sandtable.errors", "sandtable.units"),
        ("sandtable.runs.tables", "sandtable.campaign"),
        ("sandtable.ensemble.paired", "sandtable.operations.play"),
        ("sandtable.operations.scores", "sandtable.comparison.scores"),
        ("sandtable.scenario.load", "simpy"),
        ("sandtable.report.page", "matplotlib.pyplot"),
        ("sandtable.cli.run", "sandtable.wherever"),
    ],
)
def test_the_rule_refuses(importer: str, imported: str) -> None:
    assert violation(importer, imported)


def test_no_import_cycles() -> None:
    graph = nx.DiGraph()
    for path in MODULES:
        for other, at_once in imports_of(path):
            if other in NAMES and at_once:
                graph.add_edge(name_of(path), other)
    assert list(nx.simple_cycles(graph)) == []


def deferred(node: ast.AST) -> bool:
    """Tell whether what stands under a node isn't run when the module is imported."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return True
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.name == "__init__.py"], ids=name_of
)
def test_packages_only_reexport(path: Path) -> None:
    for node in parsed(path).body:
        assert reexports(node), f"{path}:{node.lineno}: {ast.unparse(node)[:80]}"


def reexports(node: ast.stmt) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.If():
            return deferred(node)
        case ast.FunctionDef(name="__getattr__" | "__dir__"):
            return True
        # `__all__`, `__version__`, and the table that a lazy `__getattr__` reads.
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name.startswith("_")
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)):
            return name.startswith("_")
    return False


@pytest.mark.processes
@pytest.mark.parametrize("module", ["sandtable", "sandtable.cli", "sandtable.errors"])
def test_importing_is_light(module: str) -> None:
    code = f"import sys, {module}; print(*(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.processes
def test_help_is_light() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "sandtable", "--help"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    names = {row.rpartition("|")[2].strip() for row in told.splitlines()}
    assert "sandtable.cli.app" in names
    assert not names & {*HEAVY, *(f"sandtable.cli.{verb}" for verb in VERBS)}


@pytest.mark.verify
@pytest.mark.processes
def test_drawing_a_run_loads_nothing_that_only_a_study_needs() -> None:
    only = {"scipy", "sklearn", "SALib", "sandtable.scenario.schema", "sandtable.studies"}
    code = f"import sys, sandtable.figures.draw; print(*({only!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.name == "__init__.py"], ids=name_of
)
def test_what_a_package_offers_is_there(path: Path) -> None:
    package = import_module(name_of(path))
    for name in getattr(package, "__all__", ()):
        assert getattr(package, name) is not None
    if hasattr(package, "__getattr__"):
        # Once loaded, a module would hide what the package fetches by its name.
        modules = {found.stem for found in path.parent.iterdir()}
        assert not modules & set(package.__all__)
        with pytest.raises(AttributeError, match="no attribute 'lode'"):
            _ = package.lode
