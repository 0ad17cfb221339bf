"""The modules of the package, each parsed once for all the tests that only look at it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import sandtable

ROOT = Path(sandtable.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """Return a module's tree, not to be changed."""
    return ast.parse(path.read_text(encoding="utf-8"))
