"""What a vary study comes to in a few lines: what moves beyond chance, which verdicts change."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

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
    head = f"{len(points)} points: {len(moved)} of {len(outcomes)} outcomes change beyond chance"
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
    head = f"{len(claims)} claims: {fixed.total()} with the same verdict at every point"
    told = [head + (f" ({same})" if same else "")]
    if changing:
        told[0] += f"; {len(changing)} whose verdict changes"
        told += changing[:_LISTED]
    if len(changing) > _LISTED:
        told.append(f"  and {len(changing) - _LISTED} more")
    return told


def _runs(rows: Sequence[TableRow], keys: Sequence[str]) -> str:
    """The verdicts of one claim along the points, or how many of each if they change often."""
    runs = [(verdict, list(found)) for verdict, found in groupby(rows, lambda row: row["verdict"])]
    if len(runs) > _POINTS_NAMED:
        counts = Counter(row["verdict"] for row in rows)
        return ", ".join(f"{verdict} at {count} points" for verdict, count in counts.items())
    told = []
    for verdict, found in runs:
        ends = dict.fromkeys(_point(row, keys, bare=True) for row in (found[0], found[-1]))
        told.append(f"{verdict} at {' to '.join(ends)}")
    return ", ".join(told)


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
    # One key is named once, where its first value is.
    if bare and len(keys) == 1:
        return str(row[keys[0]])
    return ", ".join(f"{key}={row[key]}" for key in keys)


def _by(rows: Iterable[TableRow], name: str) -> dict[str, list[TableRow]]:
    found: dict[str, list[TableRow]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found
