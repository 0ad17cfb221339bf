"""TOML from anywhere: how deep it nests is bounded before it is parsed."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from sandtable.errors import InputError, Problem

MAX_BYTES = 5_000_000
"""Of a TOML file."""
MAX_DEPTH = 12
"""Levels of tables within tables; a scenario needs four."""
# What a parser that calls itself takes in any case.
_MAX_BRACKETS = 60
_TEXT_OR_COMMENT = re.compile(
    # One or two quotes more before the three that end a text belong to it.
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\.)*+(?:"|$)'
    r"|'[^'\n]*+(?:'|$)"
    r"|#[^\n]*+",
    re.DOTALL | re.MULTILINE,
)
_LONG_KEY = re.compile(
    r"(?<![\w-])[\w-]++(?:[ \t]*+\.[ \t]*+[\w-]++){%d}" % MAX_DEPTH  # noqa: UP031
)
_BRACKET = re.compile(r"[\[\]{}]")


class TooDeepError(ValueError):
    """Tables or brackets are nested deeper than any file of ours."""


def toml_of(content: bytes, file: str) -> dict[str, Any]:
    """Return the tables of a TOML file. Raises InputError where it is none."""
    try:
        return parse_toml(content.decode("utf-8"))
    except ValueError as error:
        raise InputError([Problem(file, "file", str(error), "TOML in UTF-8")]) from None


def parse_toml(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text.

    Raises ValueError where it is none, TooDeepError where keys have more than MAX_DEPTH parts or
    brackets nest too deep: a parser takes time and memory that grow with the square of that.
    """
    bare = _TEXT_OR_COMMENT.sub(lambda found: "" if found[0][0] == "#" else "s", text)
    if _LONG_KEY.search(bare):
        raise TooDeepError("tables nested too deep")
    depth = 0
    for found in _BRACKET.finditer(bare):
        depth += 1 if found[0] in "[{" else -1
        if depth > _MAX_BRACKETS:
            raise TooDeepError("brackets nested too deep")
    return tomllib.loads(text)
