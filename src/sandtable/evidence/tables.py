"""Reading the register's CSV files: what facts and claims have in common."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import TypeVar

from sandtable.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    NoSuchDayError,
    parse_latest_moment,
    parse_moment,
)
from sandtable.errors import InputError, Problem, QuantityError, nearest
from sandtable.files import read_bounded
from sandtable.outcomes import SLUG
from sandtable.toml_text import MAX_BYTES
from sandtable.units import UNITS

# A figure's end: a number, a moment, or None where the range is open.
Bound = float | datetime | None

FACTS, CLAIMS = "facts", "outcomes"
PARTS = ("sources.toml", FACTS, CLAIMS)
"""What a register may hold: its list of documents, and a folder each of facts and of claims."""

SLUG_IN_WORDS = "lower-case words and digits joined by hyphens"
_ID = re.compile(SLUG)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_LINE = re.compile(r"[1-9][0-9]{0,8}")
# More than any document counts of anything, in whatever unit.
_MOST = 1e12
# Temperatures and angles run below zero; nothing else in the register does.
_SIGNED_UNITS = frozenset({"degC", "degree"})
# What spreadsheets of some languages put in place of commas.
_SEPARATORS = {";": "semicolons", "\t": "tabs"}
_NEVER = frozenset({"never", "inf", "infinity", "nan", "none"})
# What completes a year or a month to its first day, by the length of what is written.
_REST_OF_DATE = {4: "-01-01", 7: "-01"}

_CENTURIES = f"a date of the years {FIRST_YEAR} to {LAST_YEAR}"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row as text; `complain` adds to the problems of the file being read."""

    file: str
    number: int
    cells: dict[str, str]
    problems: list[Problem]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def key(self) -> str:
        """Return the row's id, or its place where it has none."""
        return self.cells["id"] or f"row {self.number}"

    def complain(
        self,
        column: str,
        found: str,
        allowed: str,
        names: Iterable[str] = (),
        hint: str | None = None,
    ) -> None:
        """Add a problem of this row's `column`; its hint is the one given or a near `name`."""
        close = hint or nearest(found, names)
        shown = f"'{found}'" if found else "nothing"
        self.problems.append(Problem(self.file, f"{self.key}.{column}", shown, allowed, close))

    def one_of(self, column: str, names: Iterable[str]) -> str:
        """Return the cell of `column`, and complain if it is none of `names`."""
        names = sorted(names)
        if self[column] not in names:
            self.complain(column, self[column], ", ".join(names), names)
        return self[column]

    def slug(self, column: str) -> str:
        """Return the cell of `column`, and complain if it is not spelt as an id."""
        if not _ID.fullmatch(self[column]):
            self.complain(column, self[column], SLUG_IN_WORDS)
        return self[column]

    def words(self, column: str) -> str:
        """Return the cell of `column`, and complain if it is empty."""
        if not self[column]:
            self.complain(column, "", "some words")
        return self[column]


def read_table(
    path: Path, columns: tuple[str, ...], parse: Callable[[CsvRow], T]
) -> tuple[list[T], list[Problem]]:
    """Read a CSV file with just these columns; return its sound rows and every problem.

    A problem keeps its own row out of the result, never another.
    """
    problems: list[Problem] = []
    parsed: list[T] = []
    for row in _rows(path, columns, problems):
        before = len(problems)
        _check_common(row, path.stem)
        value = parse(row)
        if len(problems) == before:
            parsed.append(value)
    return parsed, problems


def no_register(root: Path) -> list[Problem]:
    """Say why a folder can't be an evidence register; an empty list for one that can."""
    allowed = "a folder that holds an evidence register: " + ", ".join(PARTS)
    if not root.is_dir():
        found = "a file" if root.is_file() else "no such folder"
    elif not any((root / part).exists() for part in PARTS):
        found = "a folder with none of its parts"
    else:
        return []
    return [Problem(str(root), "register", found, allowed)]


def campaigns(root: Path, part: str) -> list[str]:
    """Return the campaigns about which a register has a file of FACTS or of CLAIMS, by name."""
    return sorted(path.stem for path in (root / part).glob("*.csv"))


def campaign_files(
    root: Path, part: str, campaign: str | None = None
) -> tuple[list[Path], list[Problem]]:
    """Return a register's CSV files of facts or of claims, and what is wrong there.

    `part` is FACTS or CLAIMS. Of all campaigns there may be none yet; the file of one `campaign`
    that is asked for must be there.
    """
    problems = no_register(root)
    if problems:
        return [], problems
    folder = root / part
    if folder.exists() and not folder.is_dir():
        return [], [Problem(str(folder), "folder", "a file", "a folder of CSV files")]
    if campaign is not None:
        path = folder / f"{campaign}.csv"
        if path.is_file():
            return [path], []
        names = [found.stem for found in folder.glob("*.csv")]
        allowed = ", ".join(sorted(names)) or "none: the folder holds no CSV file"
        found = f"no file for campaign '{campaign}'"
        close = nearest(campaign, names)
        return [], [Problem(str(folder), "campaign", found, allowed, close)]
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    problems = [
        Problem(str(path), "file name", path.name, f"a campaign, {SLUG_IN_WORDS}, and .csv")
        for path in paths
        if path.suffix != ".csv" or not _ID.fullmatch(path.stem)
    ]
    return [path for path in paths if path.suffix == ".csv"], problems


def repeated_ids(ids: Iterable[tuple[str, str]]) -> list[Problem]:
    """Return a problem for each id that an earlier row has; ``ids`` are pairs of file and id."""
    first: dict[str, str] = {}
    problems: list[Problem] = []
    for file, name in ids:
        if name in first:
            found = f"the id again, first in {first[name]}"
            allowed = "an id used once in the whole register"
            problems.append(Problem(file, f"{name}.id", found, allowed))
        first.setdefault(name, file)
    return problems


def read_bounds(row: CsvRow) -> tuple[Bound, Bound]:
    """Return the figure's ends: numbers, or for the unit `date` moments.

    A day without a time counts from its start (low) to its end (high).
    """
    unit = row["unit"]
    if unit == "name":
        for column in ("low", "high"):
            if row[column]:
                row.complain(column, row[column], "nothing: the unit 'name' has no figure")
        return None, None
    if not row["low"] and not row["high"]:
        row.complain("low", "", "a figure in low, in high or in both")
        return None, None
    low: Bound
    high: Bound
    if unit == "date":
        low, high = first, last = _moment(row, "low"), _moment(row, "high")
        # A day ends where the next begins, so a low end there lies beyond it.
        whole_day = "T" not in row["high"]
        out_of_order = (
            first is not None
            and last is not None
            and (_naive(first) > _naive(last) or (whole_day and _naive(first) == _naive(last)))
        )
    else:
        low, high = least, most = _number(row, "low"), _number(row, "high")
        out_of_order = least is not None and most is not None and least > most
    if out_of_order:
        row.complain("low", row["low"], f"at most the high end, {row['high']}")
    return low, high


def read_line(row: CsvRow) -> int | None:
    """Return the number of the cited line, counted from 1, or None where no line is cited."""
    text = row["line"]
    if not text:
        return None
    if not _LINE.fullmatch(text):
        row.complain("line", text, "a line number from 1, or nothing")
        return None
    return int(text)


def read_date(row: CsvRow) -> str:
    """Return the cell `date`, and complain unless it is empty, a date or a range `a/b`.

    A date may stop at the month or the year: 1939-08, 1939.
    """
    text = row["date"]
    if not text:
        return text
    first_days = [part + _REST_OF_DATE.get(len(part), "") for part in text.split("/")]
    try:
        moments = [_naive(parse_moment(day)) for day in first_days]
    except QuantityError:
        moments = []
    if not 1 <= len(moments) <= 2 or moments != sorted(moments):
        row.complain(
            "date",
            text,
            "1945-08-09, 1945-08, 1945, a range of them such as 1945-08-09/1945-08-20, or nothing",
        )
    elif not all(map(_of_these_centuries, moments)):
        row.complain("date", text, _CENTURIES)
    return text


def _rows(path: Path, columns: tuple[str, ...], problems: list[Problem]) -> list[CsvRow]:
    file = str(path)
    try:
        # A spreadsheet's "CSV UTF-8" begins with a byte-order mark.
        text = read_bounded(path, MAX_BYTES, "a CSV table").decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte 0x{error.object[error.start]:02x} at offset {error.start}"
        problems.append(Problem(file, "encoding", found, "UTF-8 text"))
        return []
    except InputError as error:
        problems += error.problems
        return []
    try:
        lines = list(csv.reader(StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        problems.append(Problem(file, "file", f"broken CSV ({error})", "comma-separated values"))
        return []
    if not lines:
        problems.append(Problem(file, "file", "nothing", f"a header, {','.join(columns)}"))
        return []
    if not _check_header(file, lines[0], columns, problems):
        return []
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(columns):
            found, allowed = f"{len(cells)} cells", f"{len(columns)} cells"
            problems.append(Problem(file, f"row {number}", found, allowed))
            continue
        stripped = (cell.strip() for cell in cells)
        rows.append(CsvRow(file, number, dict(zip(columns, stripped, strict=True)), problems))
    return rows


def _check_header(
    file: str, header: list[str], columns: tuple[str, ...], problems: list[Problem]
) -> bool:
    if tuple(header) == columns:
        return True
    allowed = ",".join(columns)
    for mark, words in _SEPARATORS.items():
        if len(header) == 1 and mark in header[0]:
            found = f"{words} between the cells"
            problems.append(Problem(file, "file", found, "commas between the cells"))
            return False
    if not set(header) & set(columns):
        problems.append(Problem(file, "header", f"'{','.join(header)[:80]}'", allowed))
        return False
    for name in header:
        if name not in columns:
            found = f"unknown column '{name}'"
            problems.append(Problem(file, "header", found, allowed, nearest(name, columns)))
    for name in columns:
        if name not in header:
            problems.append(Problem(file, "header", f"no column '{name}'", allowed))
    if set(header) == set(columns):
        problems.append(Problem(file, "header", ",".join(header), allowed))
    return False


def _check_common(row: CsvRow, campaign: str) -> None:
    row.slug("id")
    if row["campaign"] != campaign:
        row.complain("campaign", row["campaign"], f"'{campaign}', as the file is named")
    if row["unit"] not in UNITS:
        row.one_of("unit", UNITS)
    row.words("source")


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _number(row: CsvRow, column: str) -> float | None:
    text, unit = row[column], row["unit"]
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        allowed = "a plain number such as 1577725 or 0.35, or nothing"
        row.complain(column, text, allowed + _if_never(text))
        return None
    value = float(text)
    if abs(value) > _MOST:
        row.complain(column, text, f"a number of at most {_MOST:,.0f}")
    elif value < 0 and unit not in _SIGNED_UNITS:
        row.complain(column, text, "a number from 0")
    elif unit == "share" and value > 1:
        row.complain(column, text, "a share from 0 to 1")
    return value


def _moment(row: CsvRow, column: str) -> datetime | None:
    text = row[column]
    if not text:
        return None
    try:
        moment = parse_moment(text)
        if not _of_these_centuries(moment):
            row.complain(column, text, _CENTURIES)
            return None
        return moment if column == "low" else parse_latest_moment(text)
    except QuantityError as error:
        reason = f" ({error})" if isinstance(error, NoSuchDayError) else ""
        allowed = f"a date such as 1945-08-09 or 1945-08-09T01:00{reason}{_if_never(text)}"
        row.complain(column, text, allowed)
        return None


def _of_these_centuries(moment: datetime) -> bool:
    return FIRST_YEAR <= moment.year <= LAST_YEAR


def _if_never(text: str) -> str:
    """What to write in place of a word that stands for never."""
    if text.lower() not in _NEVER:
        return ""
    return "; never is the scenario's end in low and nothing in high (seeds/README.md)"
