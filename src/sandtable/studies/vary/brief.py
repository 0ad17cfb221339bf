"""What a vary study comes to in a few lines: what moves beyond chance, which verdicts change."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sandtable.calendar import parse_moments
from sandtable.studies.vary.summary import beyond_chance, number

_LISTED = 4
_POINTS_NAMED = 4

TableRow = dict[str, Any]


def in_brief(table: Sequence[TableRow], keys: Sequence[str]) -> list[str]:
    """Return a short answer from the rows of table.csv.

    It tells in how many outcomes the points differ beyond chance (a paired difference from the
    first point above two standard errors), those with the largest change as a share of the first
    point's mean, and which claims get another verdict at some points than at others.
    """
    outcomes = _by(table, "outcome")
    return [*_changes(outcomes, keys), *_verdicts(table, keys)]


def _changes(outcomes: dict[str, list[TableRow]], keys: Sequence[str]) -> list[str]:
    moved = sorted(
        (found for rows in outcomes.values() if (found := _largest(rows))),
        key=lambda row: -abs(_share(row, outcomes)),
    )
    points = {row["point"] for rows in outcomes.values() for row in rows}
    changing = f"{len(moved)} of {len(outcomes)} outcomes change beyond chance"
    head = f"{_count(len(points), 'point')}: {changing}"
    if not moved:
        return [head]
    first = _point(next(iter(outcomes.values()))[0], keys)
    told = [f"{head}, compared with {first}; most of all"]
    for row in moved[:_LISTED]:
        change = row["difference"]
        share = _share(row, outcomes)
        percent = f", {share:+.0%}" if math.isfinite(share) else ""
        told.append(
            f"  {row['outcome']}: {'+' if change > 0 else ''}{number(change)} {row['unit']}"
            f" (± {number(row['difference_mc_error'])}{percent}) at {_point(row, keys)}"
        )
    return told


def _verdicts(table: Sequence[TableRow], keys: Sequence[str]) -> list[str]:
    claims = _by([row for row in table if row["claim"]], "claim")
    if not claims:
        return ["no claim is made about these outcomes"]
    fixed = Counter[str]()
    changing = []
    for rows in claims.values():
        verdicts = [row["verdict"] for row in rows]
        if len(set(verdicts)) == 1:
            fixed[verdicts[0]] += 1
        else:
            changing.append(f"  {rows[0]['outcome']} ({rows[0]['claimant']}): {_runs(rows, keys)}")
    same = ", ".join(f"{count} {verdict}" for verdict, count in sorted(fixed.items()))
    head = f"{_count(len(claims), 'claim')}: {fixed.total()} with the same verdict at every point"
    told = [head + (f" ({same})" if same else "")]
    if changing:
        told[0] += f"; {len(changing)} whose verdict changes"
        told += changing[:_LISTED]
    if len(changing) > _LISTED:
        told.append(f"  and {len(changing) - _LISTED} more")
    return told


def _runs(rows: Sequence[TableRow], keys: Sequence[str]) -> str:
    """The verdicts of one claim along the points: ranges of numbers and moments, lists of names.

    How many points of each, where that would be long.
    """
    placed = all(_is_place(row[key]) for row in rows for key in keys)
    if not placed:
        told = _by(rows, "verdict").items()
        return "; ".join(f"{verdict} at {_listed(found, keys)}" for verdict, found in told)
    runs = [(verdict, list(found)) for verdict, found in groupby(rows, lambda row: row["verdict"])]
    if len(runs) > _POINTS_NAMED:
        counts = Counter(row["verdict"] for row in rows)
        return "; ".join(f"{verdict} at {_count(n, 'point')}" for verdict, n in counts.items())
    return "; ".join(f"{verdict} at {_range(found, keys)}" for verdict, found in runs)


def _range(rows: Sequence[TableRow], keys: Sequence[str]) -> str:
    ends = (_point(row, keys, bare=True) for row in (rows[0], rows[-1]))
    return " to ".join(dict.fromkeys(ends))


def _listed(rows: Sequence[TableRow], keys: Sequence[str]) -> str:
    if len(rows) > _POINTS_NAMED:
        return _count(len(rows), "point")
    return ", ".join(_point(row, keys, bare=True) for row in rows)


def _is_place(value: object) -> bool:
    """Whether a value stands somewhere along its key, and is no name."""
    text = str(value)
    return parse_moments([text]) is not None or _number(text) is not None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _largest(rows: Iterable[TableRow]) -> TableRow | None:
    """The row with the largest difference of those that chance hardly explains; None without."""
    beyond = [row for row in rows if beyond_chance(row["difference"], row["difference_mc_error"])]
    return max(beyond, key=lambda row: abs(row["difference"]), default=None)


def changed_by_point(table: Sequence[TableRow]) -> dict[float, int]:
    """Return how many outcomes differ beyond chance from the first point, by point."""
    seen, found = set[tuple[str, float]](), Counter[float]()
    for row in table:
        # One row an outcome and point, however many claims it has.
        place = (row["outcome"], row["point"])
        if place not in seen and beyond_chance(row["difference"], row["difference_mc_error"]):
            found[row["point"]] += 1
        seen.add(place)
    return dict(found)


def _share(row: TableRow, outcomes: dict[str, list[TableRow]]) -> float:
    """A difference as a share of the mean at the first point; infinite if that is zero."""
    mean = abs(outcomes[row["outcome"]][0]["mean"])
    return row["difference"] / mean if mean else math.copysign(math.inf, row["difference"])


def _point(row: TableRow, keys: Sequence[str], *, bare: bool = False) -> str:
    values = [str(row[key]) for key in keys]
    rounded = [text if (x := _number(text)) is None else f"{x:.5g}" for text in values]
    # One key is named once, where its first value is.
    if bare and len(keys) == 1:
        return rounded[0]
    return ", ".join(f"{key}={text}" for key, text in zip(keys, rounded, strict=True))


def _by(rows: Iterable[TableRow], name: str) -> dict[str, list[TableRow]]:
    found: dict[str, list[TableRow]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
