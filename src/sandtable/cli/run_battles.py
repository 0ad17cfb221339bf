"""What ``sandtable show RUN --battles`` prints: the battles of a run by place, or one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sandtable.calendar import Calendar
from sandtable.cli.fitted import warn_if_fitted
from sandtable.cli.output import (
    figure,
    print_json,
    print_lines,
    print_table,
    print_wrapped,
    say,
)
from sandtable.errors import SandtableError
from sandtable.plain_text import NBSP
from sandtable.runs import RunResults, load_results, title_told
from sandtable.runs.battle_summary import PlaceFights, fights_by_place
from sandtable.runs.results import read_calendar, read_names

_SIEGE = "siege/"
# Days, a minute and a half: what is shorter is told as shorter than this.
_SHORTEST = 0.001


@dataclass(frozen=True)
class RunBattles:
    """The battles of a run, with what is needed to tell them."""

    results: RunResults
    calendar: Calendar
    names: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, folder: Path) -> RunBattles:
        """Read them from a finished run's folder. Raises InputError if they are not there."""
        results = load_results(folder)
        _ = results.battles
        return cls(results, read_calendar(folder), read_names(folder))

    def show(self, replication: int | None, *, quiet: bool, as_json: bool) -> None:
        """Print all of them by place, or those of one replication in order."""
        if not quiet:
            warn_if_fitted(self.results.manifest)
        if replication is None:
            self._show_places(quiet, as_json)
        else:
            self._show_replication(replication, quiet, as_json)

    # --- by place ------------------------------------------------------------------------------

    def _show_places(self, quiet: bool, as_json: bool) -> None:
        count = len(self.results.numbers)
        found = fights_by_place(self.results.battles, count)
        if as_json:
            print_json({"replications": count, "places": [fights._asdict() for fights in found]})
        elif quiet:
            print_lines(f"{fights.place} {fights.coalition} {fights.share:.3g}" for fights in found)
        elif not found:
            say("no battle in any replication")
        else:
            self._table_of_places(found, count)

    def _table_of_places(self, found: list[PlaceFights], count: int) -> None:
        title = f"Battles by place, {count} replications: {title_told(self.results.manifest)}"
        headings = ["place", "fought in>", "begins>", "days>", "ratio>", "attackers>", "lost>",
                    "defenders>", "lost>", "ended"]  # fmt: skip
        print_table(title, headings, (self._place_cells(fights) for fights in found))
        print_wrapped(
            "Medians over the replications that have a fight there: persons in formations that "
            "were in action, casualties in action, force ratio at the place when it opens."
        )

    def _place_cells(self, fights: PlaceFights) -> list[str]:
        shares = sorted(fights.decisions.items(), key=lambda item: -item[1])
        return [
            self._place(fights.place, fights.coalition),
            f"{fights.share:.0%}",
            self._date(fights.start),
            _days(fights.days),
            figure(fights.ratio),
            figure(_whole(fights.attackers)),
            figure(_whole(fights.attacker_casualties)),
            figure(_whole(fights.defenders)),
            figure(_whole(fights.defender_casualties)),
            ", ".join(f"{how.replace(' ', NBSP)}{NBSP}{share:.0%}" for how, share in shares),
        ]

    # --- one by one ----------------------------------------------------------------------------

    def _show_replication(self, number: int, quiet: bool, as_json: bool) -> None:
        known = self.results.numbers
        if number not in known:
            raise SandtableError(
                f"--replication: found {number}; allowed: one of the run's replications, "
                f"{known[0]} to {known[-1]}, without those that failed"
            )
        rows = self.results.battles.of_replication(number)
        if as_json:
            print_json({"replication": number, "battles": list(_nested(rows))})
        elif quiet:
            print_lines(f"{row['battle']} {row['place'] or row['name']} {row['decision']}"
                        for row in rows)  # fmt: skip
        elif not rows:
            say(f"no battle in replication {number}")
        else:
            title = f"Battles of replication {number}: {title_told(self.results.manifest)}"
            headings = ["battle", "begins>", "days>", "ratio>", "attackers>", "lost>",
                        "defenders>", "lost>", "ended", "columns"]  # fmt: skip
            cells = (self._battle_cells(row) for row in rows)
            print_table(title, headings, cells, spare=("columns",))
            print_wrapped(
                "Each battle with the places fought for below it: persons committed, of attackers "
                "up to the ceiling of the ratio, casualties in action, force ratio when it opens."
            )

    def _battle_cells(self, row: Mapping[str, Any]) -> list[str]:
        if row["place"]:
            name = "  " + self._place(row["place"], row["coalition"])
        else:
            name = f"{row['battle']}{NBSP}{self._battle(row['name'])}"
        cause = f" ({row['cause']})" if row["cause"] else ""
        return [
            name,
            self._date(row["start"]),
            _days(row["days"]),
            figure(row["ratio"]),
            figure(_whole(row["attacker_committed"])),
            figure(_whole(row["attacker_casualties"])),
            figure(_whole(row["defender_committed"])),
            figure(_whole(row["defender_casualties"])),
            row["decision"] + cause,
            ", ".join(row["columns"]),
        ]

    # --- words ---------------------------------------------------------------------------------

    def _battle(self, name: str) -> str:
        if name.startswith(_SIEGE):
            return f"siege of {self._place(name.removeprefix(_SIEGE), 'attacker')}"
        return self.names["formations"].get(name, name)

    def _place(self, place: str, coalition: str) -> str:
        name = self.names["places"].get(place, place)
        return name if coalition == "attacker" else f"{name} (counterattack)"

    def _date(self, day: float) -> str:
        return self.calendar.date_text(day).replace(" ", NBSP)


def _nested(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each battle with its phases in it."""
    for battle in rows:
        if not battle["place"]:
            own = [row for row in rows if row["place"] and row["battle"] == battle["battle"]]
            yield {**battle, "phases": own}


def _days(days: float) -> str:
    """A duration in days; a position may give way in no time."""
    return f"< {_SHORTEST}".replace(" ", NBSP) if days < _SHORTEST else figure(days)


def _whole(persons: float) -> float:
    """Persons as a whole number, NaN as it is."""
    return float(np.round(persons))
