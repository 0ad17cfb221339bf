"""A campaign to start from: a commented scenario folder with a register of its own."""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from sandtable.errors import InputError, Problem
from sandtable.outcomes import SLUG
from sandtable.scenario.json_schema import file_name, schema_text, schemas
from sandtable.shipped import scenario_paths

_LONGEST = 40
# Files of the register are named by the campaign.
_NAMED = "campaign.csv"


def write_campaign(name: str, folder: Path) -> list[Path]:
    """Write a scenario ``name`` with its register into ``folder``, and return the files.

    ``folder`` is made if need be. What is written passes ``check`` and runs. Raises InputError
    for a name that is no id or a shipped campaign's, and for a folder that holds anything.
    """
    _check(name, folder)
    title = name.replace("-", " ").capitalize()
    starter = files("sandtable.scenario") / "starter"
    written = list(_filled(starter, folder, {"name": name, "title": title}))
    made = schemas()
    for schema in ("scenario", "sources"):
        path = folder / "schemas" / file_name(schema)
        path.parent.mkdir(exist_ok=True)
        path.write_text(schema_text(made[schema]), encoding="utf-8", newline="\n")
        written.append(path)
    return sorted(written)


def _check(name: str, folder: Path) -> None:
    problems = []
    if not re.fullmatch(SLUG, name) or len(name) > _LONGEST:
        allowed = f"lower-case words and digits joined by hyphens, at most {_LONGEST} characters"
        meant = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_LONGEST].strip("-")
        problems.append(Problem("new", "NAME", f"'{name}'", allowed, meant or None))
    if name in scenario_paths():
        # By its bare name every command would take the shipped one.
        found, allowed = f"'{name}', the name of a shipped campaign", "a name of its own"
        problems.append(Problem("new", "NAME", found, allowed))
    if folder.is_dir() and any(folder.iterdir()):
        problems.append(Problem(str(folder), "folder", "files in it", "a new or empty folder"))
    elif folder.exists() and not folder.is_dir():
        problems.append(Problem(str(folder), "folder", "a file", "a new or empty folder"))
    if problems:
        raise InputError(problems)


def _filled(source: Traversable, target: Path, words: dict[str, str]) -> list[Path]:
    """Copy the files below ``source``, with ``$name`` and ``$title`` filled in."""
    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for item in sorted(source.iterdir(), key=lambda found: found.name):
        if item.is_dir():
            written += _filled(item, target / item.name, words)
            continue
        path = target / (f"{words['name']}.csv" if item.name == _NAMED else item.name)
        text = Template(item.read_text(encoding="utf-8")).substitute(words)
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written
