"""docs/reference/python-api.md: what the package offers, from its signatures and docstrings."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from textwrap import indent

OFFERED: dict[str, tuple[str, ...]] = {
    "sandtable": (
        *("load", "available", "open_run", "Campaign", "CampaignRun", "Request", "RunOptions"),
        *("Settings", "battle", "combat_results_table", "Problem", "InputError", "SandtableError"),
    ),
    "sandtable.comparison": (
        *("Comparison", "Row", "Score", "Scores", "KindScore", "Skill", "Unanswered"),
    ),
    "sandtable.single_battle": (
        *("Setting", "BattleForecast", "Estimate", "CombatResultsTable", "Column", "Cell", "Die"),
    ),
    "sandtable.ensemble": ("paired_difference", "Difference", "StoppingRule"),
    "sandtable.campaign": ("Replay",),
    "sandtable.runs.battles": ("Battles",),
    "sandtable.runs.tracks": ("Tracks",),
    "sandtable.track_columns": ("Track",),
    "sandtable.studies.vary": ("VarySpecification", "VaryStudy", "VaryResult"),
    "sandtable.studies.sensitivity": (
        *("SensitivitySpecification", "SensitivityStudy", "SensitivityResult"),
    ),
    "sandtable.studies.calibrate": (
        *("CalibrationSpecification", "CalibrationStudy", "CalibrationResult"),
    ),
    "sandtable.figures": (
        *("draw_run", "draw_moving", "draw_comparison", "draw_vary", "draw_sensitivity"),
        "draw_calibration",
    ),
}
"""Modules to import from, and the names that are meant for users."""

_INTRODUCTION = """
# Python API

What the package offers to a script; [From Python](../python.md) shows it at work. Times are in
days from H-hour. All errors of the package derive from `sandtable.SandtableError`.

This page is generated from signatures and docstrings.
"""


def render_markdown() -> str:
    """Return the page."""
    lines = [*_INTRODUCTION.strip().splitlines(), ""]
    for module, names in OFFERED.items():
        lines += [f"## `{module}`", ""]
        for name in names:
            lines += [f"### `{name}`", "", *_entry(_node(getattr(import_module(module), name)))]
    return "\n".join(lines).rstrip() + "\n"


def _node(found: type | Callable[..., object]) -> ast.FunctionDef | ast.ClassDef:
    """Return a function or class as it is written in its module. Raises LookupError for neither."""
    for node in _parsed(found.__module__).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == found.__name__:
            return node
    raise LookupError(found)


@cache
def _parsed(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(import_module(module)))


def _entry(node: ast.FunctionDef | ast.ClassDef) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef):
        yield from (*_code(_signature(node)), *_prose(node), "")
        return
    fields = _fields(node)
    methods = [method for method in node.body if isinstance(method, ast.FunctionDef)]
    made = [method for method in methods if method.name == "__init__"]
    if made:
        yield from _code(_signature(made[0], node.name))
    elif fields:
        inner = ",\n".join(ast.unparse(field) for field, _ in fields)
        yield from _code(f"{node.name}(\n{indent(inner, '    ')},\n)")
    yield from (*_prose(node), "")
    told = [f"- `{ast.unparse(field.target)}`: {_plain(text)}" for field, text in fields if text]
    yield from (*told, "") if told else ()
    for method in methods:
        if not method.name.startswith("_"):
            yield from (f"#### `{node.name}.{method.name}`", "")
            yield from (*_code(_called(method)), *_prose(method), "")


def _called(method: ast.FunctionDef) -> str:
    """Return how a method is called, or what a property is."""
    kinds = [ast.unparse(decorator) for decorator in method.decorator_list]
    if any(kind.endswith("property") for kind in kinds) and method.returns is not None:
        return f"{method.name}: {ast.unparse(method.returns)}"
    return _signature(method)


def _fields(node: ast.ClassDef) -> list[tuple[ast.AnnAssign, str]]:
    """Return the public fields of a class, each with the docstring below it, if it has one."""
    found = []
    for field, after in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(field, ast.AnnAssign) and not ast.unparse(field.target).startswith("_"):
            text = ""
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                text = str(after.value.value)
            found.append((field, text))
    return found


def _signature(node: ast.FunctionDef, name: str = "") -> str:
    """Return a signature, over several lines where one would be long."""
    given = node.args
    for group in (given.posonlyargs, given.args):
        if group and group[0].arg in ("self", "cls"):
            del group[0]
    returns = "" if name or node.returns is None else f" -> {ast.unparse(node.returns)}"
    text = ast.unparse(given)
    one_line = f"{name or node.name}({text}){returns}"
    if len(one_line) <= 88:
        return one_line
    inner = re.sub(r", (?=\*|\w+[:=])", ",\n", text)
    return f"{name or node.name}(\n{indent(inner, '    ')},\n){returns}"


def _code(text: str) -> list[str]:
    return ["```python", *text.splitlines(), "```", ""]


def _prose(node: ast.FunctionDef | ast.ClassDef) -> list[str]:
    return _plain(ast.get_docstring(node) or "").splitlines()


def _plain(text: str) -> str:
    return inspect.cleandoc(text).replace("``", "`")
