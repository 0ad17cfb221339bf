"""From a name or a path to the tables of a scenario, still as they were written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from sandtable.errors import InputError, Problem, nearest, toml_problem
from sandtable.evidence import CLAIMS, FACTS, campaigns
from sandtable.files import read_bounded
from sandtable.plain_text import printable
from sandtable.scenario.findings import Findings, shown
from sandtable.scenario.keys import required, single, tables
from sandtable.scenario.schema import ScenarioFile
from sandtable.shipped import is_shipped_register, register_root, scenario_paths
from sandtable.toml_text import MAX_BYTES, MAX_DEPTH, TooDeepError, parse_toml
from sandtable.vocabulary import ENTRY_IDS


@dataclass(slots=True)
class Entry:
    """One table of a scenario as written: `key` is its path, as `place.hailar`."""

    table: str
    key: str
    value: dict[str, Any]
    file: str


def find(name_or_path: str | Path, others: Sequence[str] = ()) -> tuple[str, Path]:
    """Return a scenario's name and its file or folder.

    Raises InputError, with the nearest shipped name or that of ``others``, which the caller
    knows, if there is neither.
    """
    text = str(name_or_path)
    known = scenario_paths()
    if isinstance(name_or_path, str) and text in known:
        return text, known[text]
    path = Path(text)
    try:
        if is_run(path):
            raise InputError([_run_in_place_of_scenario(path)])
        if path.is_dir():
            return path.resolve().name, path
        if path.is_file():
            return path.stem, path
        found = "neither a file nor a folder" if path.exists() else "no such scenario"
    except (OSError, ValueError):
        found = "a name that no file can have"
    allowed = "the path of a TOML file or of a folder of them"
    if known:
        allowed += ", or one of " + ", ".join([*known, *others])
    shown_name = printable(text[:200]) or "''"
    close = nearest(path.stem[:200], [*known, *others])
    raise InputError([Problem(shown_name, "scenario", found, allowed, close)])


def is_run(path: Path) -> bool:
    """Whether it is the folder that a run or a study wrote; the oldest have no inputs in it."""
    parts = ("inputs", "scenario.resolved.toml")
    return (path / "manifest.json").is_file() and any((path / part).exists() for part in parts)


def _run_in_place_of_scenario(path: Path) -> Problem:
    own = ", ".join(str(kept) for kept in sorted((path / "inputs" / "scenario").glob("*")))
    allowed = "a scenario" + (f", such as the run's own: {own}" if own else "")
    return Problem(str(path), "scenario", "the folder of a run", allowed)


@dataclass(frozen=True, slots=True)
class Register:
    """The evidence register that a scenario rests on; it has facts of these `campaigns`."""

    root: Path
    campaigns: tuple[str, ...]
    shipped: bool

    @classmethod
    def of(cls, scenario: Path, root: Path | None = None) -> Register:
        """Return the register of this `root`, else the scenario's own, else the shipped one."""
        root = root or own_register(scenario) or register_root()
        return cls(root, tuple(campaigns(root, FACTS)), is_shipped_register(root))

    def about(self, campaign: str) -> bool:
        """Whether it has a file about a campaign; one of claims may be there, but is not opened."""
        return campaign in self.campaigns or (self.root / CLAIMS / f"{campaign}.csv").is_file()

    @property
    def title(self) -> str:
        """What messages call it."""
        return "the shipped register" if self.shipped else f"the register {self.root}"


def own_register(path: Path) -> Path | None:
    """Return the register that comes with a scenario: `register/` in its folder, or by its file.

    It stands alone, in place of the shipped one. Raises InputError if it is no folder.
    """
    register = (path if path.is_dir() else path.parent) / "register"
    if register.is_dir():
        return register
    if register.exists() or register.is_symlink():
        raise InputError([Problem(str(register), "register", "no folder", "a folder, or nothing")])
    return None


def read_toml(path: Path, findings: Findings) -> dict[str, Any]:
    """Read one TOML file of at most MAX_BYTES; return nothing, and say why, if it is none."""
    file = str(path)

    def complain(key: str, found: str, allowed: str) -> dict[str, Any]:
        findings.add(key, found, allowed, file=file)
        return {}

    try:
        text = read_bounded(path, MAX_BYTES, "a TOML file").decode("utf-8-sig")
    except InputError as error:
        (fault,) = error.problems
        return complain(fault.key, fault.found, fault.allowed)
    except UnicodeDecodeError as error:
        found = f"byte 0x{error.object[error.start]:02x} at offset {error.start}"
        return complain("encoding", found, "UTF-8 text")
    text = text.replace("\r\n", "\n")
    try:
        data = parse_toml(text)
    except TooDeepError as error:
        return complain("file", str(error), f"at most {MAX_DEPTH} levels")
    except ValueError as error:
        findings.note(toml_problem(printable(file), text, error))
        return {}
    if _too_deep(data):
        return complain("file", "tables nested too deep", f"at most {MAX_DEPTH} levels")
    return data


def read_scenario(path: Path, findings: Findings) -> list[Entry]:
    """Read a scenario's file, or the TOML files of its folder, into one list of entries.

    Raises InputError at once if a file can't be read, since all that refers to it would fail too.
    """
    if path.is_dir():
        files = sorted(path.glob("*.toml"))
        if not files:
            findings.add("folder", "no TOML file", "at least one file *.toml", file=str(path))
    else:
        files = [path]
    contents = {str(file): read_toml(file, findings) for file in files}
    findings.raise_if_any()
    if not any(contents.values()):
        findings.add("file", "an empty file", "the tables " + ", ".join(tables()))
    findings.raise_if_any()
    return entries_of(contents, path, findings)


def entries_of(
    contents: Mapping[str, Mapping[str, Any]], path: Path, findings: Findings
) -> list[Entry]:
    """Make one list of entries of the tables of a scenario's files, by file.

    Raises InputError at once if one file is hardly more than a copy of another.
    """
    entries: list[Entry] = []
    for file, data in contents.items():
        for table, value in data.items():
            entries += _entries(table, value, file, findings)
    _note_copies(entries, findings)
    entries = _each_single_once(entries, str(path), findings)
    for entry in reversed(entries):
        findings.origin[entry.key] = entry.file
    return entries


def _note_copies(entries: list[Entry], findings: Findings) -> None:
    """Tell of a file that is hardly more than a copy of another. Raises InputError if one is."""
    keys: dict[str, set[str]] = {}
    for entry in entries:
        keys.setdefault(entry.file, set()).add(entry.key)
    for one, other in combinations(keys, 2):
        # A few tables that stand in two files are slips, and each is told.
        shared = len(keys[one] & keys[other])
        if shared >= _COPIED and 2 * shared > min(len(keys[one]), len(keys[other])):
            found = f"{shared} tables that stand in {other} too"
            findings.add("file", found, "each table once: is one file a copy?", file=one)
    findings.raise_if_any()


def entry_key(table: str, value: Mapping[str, Any], number: int) -> str:
    """Return the key path of an entry: by its id where it has one, else by its number."""
    if single(table):
        return table
    parts = ("id",) if "id" in value else ENTRY_IDS.get(table, ("id",))
    names = [value.get(part) for part in parts]
    if all(isinstance(name, str) and name for name in names):
        return f"{table}." + "--".join(str(name)[:_LONGEST_ID] for name in names)
    return f"{table} #{number}"


_LONGEST_ID = 100
_COPIED = 4


def _entries(table: str, value: object, file: str, findings: Findings) -> list[Entry]:
    if table not in tables():
        allowed = "the tables " + ", ".join(tables())
        findings.add(table, "an unknown key", allowed, name=table, names=tables(), file=file)
        return []
    once = single(table)
    allowed = f"one table, [{table}]" if once else f"tables, each [[{table}]]"
    if isinstance(value, list) == once:
        # What was meant is plain, so that its content can be checked all the same.
        findings.add(table, "a list" if once else "a single table", allowed, file=file)
    items = value if isinstance(value, list) else [value]
    entries = []
    for number, item in enumerate(items, start=1):
        if isinstance(item, dict):
            entries.append(Entry(table, entry_key(table, item, number), item, file))
        else:
            findings.add(table, shown(item), allowed, file=file)
    return entries


def _each_single_once(entries: list[Entry], file: str, findings: Findings) -> list[Entry]:
    """Leave out what repeats a table that stands once, and add as empty those left out."""
    first: dict[str, Entry] = {}
    kept = []
    for entry in entries:
        if single(entry.table) and entry.table in first:
            found = f"a second [{entry.table}], first in {first[entry.table].file}"
            findings.add(entry.table, found, f"[{entry.table}] in one file only", file=entry.file)
            continue
        first.setdefault(entry.table, entry)
        kept.append(entry)
    optional = (name for name in tables() if single(name) and name not in required(ScenarioFile))
    return kept + [Entry(name, name, {}, file) for name in optional if name not in first]


def _too_deep(data: dict[str, Any]) -> bool:
    # Dotted keys nest without recursion in the parser, so this must not recurse either.
    level: list[object] = [data]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return True
