"""``compare`` of several runs: what changes from the first one, replication by replication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandtable.calendar import Calendar
from sandtable.cli.fitted import fitted_fields
from sandtable.cli.output import figure, print_table, print_wrapped
from sandtable.cli.tables import value_text
from sandtable.ensemble import Difference, paired_difference
from sandtable.errors import SandtableError
from sandtable.outcomes import describe
from sandtable.plain_text import NBSP
from sandtable.runs import load_results, paired_replications
from sandtable.runs.results import read_calendar

if TYPE_CHECKING:
    from sandtable.runs import RunResults

# Of a mean: differences this small are the last digits of sums in double precision.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Compared:
    """A run that is compared: its folder, what it holds, and its time."""

    folder: Path
    results: RunResults
    calendar: Calendar

    @classmethod
    def of(cls, folder: Path) -> Compared:
        """Open a finished run. Raises InputError if the folder holds none."""
        return cls(folder, load_results(folder), read_calendar(folder))

    def as_json(self) -> dict[str, Any]:
        """Return what JSON says of the run itself."""
        return {"folder": str(self.folder), **fitted_fields(self.results.manifest)}


@dataclass(frozen=True)
class Changes:
    """What changes from the base to each of the other runs.

    ``changed`` holds by outcome the paired differences, one for each of ``others``; ``unchanged``
    names the outcomes that are the same in every replication of all runs, and ``never`` those
    that come about in none.
    """

    base: Compared
    others: Sequence[Compared]
    changed: dict[str, list[Difference]] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, folders: Sequence[Path], *, everything: bool) -> Changes:
        """Compare runs with the first of them: the headline outcomes, or all of them.

        Raises InputError for a folder without a run, and SandtableError for runs whose
        replications cannot be paired.
        """
        base, *others = map(Compared.of, folders)
        for other in others:
            _refuse_unlike(base, other)
        found = cls(base, others)
        names = base.results.outcomes if everything else base.results.manifest["headline"]
        for name in names:
            if all(name in other.results.outcomes for other in others):
                found._add(name)
        return found

    def _add(self, name: str) -> None:
        told = [_difference(name, self.base.results, other.results) for other in self.others]
        if any(item.moved for item in told):
            self.changed[name] = told
        elif any(item.share_first for item in told):
            self.unchanged.append(name)
        else:
            self.never.append(name)

    def as_json(self) -> dict[str, Any]:
        """Return all of it for JSON, a difference for each outcome and run."""
        return {
            "base": self.base.as_json(),
            "others": [other.as_json() for other in self.others],
            "differences": [
                {
                    "outcome": name,
                    "unit": describe(name)[0],
                    "run": str(other.folder),
                    "pairs": item.pairs,
                    "base_mean": item.first,
                    "run_mean": item.second,
                    "difference": item.mean,
                    "p05": item.p05,
                    "p95": item.p95,
                    "mc_error": item.mc_error,
                    "base_occurs": item.share_first,
                    "run_occurs": item.share_second,
                }
                for name, told in self.changed.items()
                for other, item in zip(self.others, told, strict=True)
            ],
            "unchanged": self.unchanged,
            "never": self.never,
        }

    def print(self) -> None:
        """Print a table of the differences, and how many outcomes have none."""
        several = len(self.others) > 1
        run = "the others" if several else str(self.others[0].folder)
        run_column = ["run"] if several else []
        headings = ["outcome", *run_column, "unit", "base mean>", "run mean>", "difference>"]
        print_table(
            f"{run} against the base {self.base.folder}: means over paired replications",
            [*headings, "90 percent>", "MC error>", "pairs>", "occurs>"],
            self._rows(several),
            spare=("occurs", "pairs"),
            above=run_column,
        )
        print_wrapped(
            "difference: mean of run less base in the same replication; 90 percent: its interval"
        )
        print_wrapped(
            f"not shown: {len(self.unchanged)} outcomes without any difference, "
            f"{len(self.never)} that never occur"
        )

    def _rows(self, several: bool) -> Iterator[list[str]]:
        named = labels([other.folder for other in self.others])
        for name, told in self.changed.items():
            for label, other, item in zip(named, self.others, told, strict=True):
                ends = [_signed(_without_rounding(end, item)) for end in (item.p05, item.p95)]
                yield [
                    name,
                    *([label] if several else []),
                    describe(name)[0],
                    value_text(name, item.first, self.base.calendar),
                    value_text(name, item.second, other.calendar),
                    _signed(_without_rounding(item.mean, item)),
                    f"{ends[0]}{NBSP}to{NBSP}{ends[1]}",
                    figure(_without_rounding(item.mc_error, item)),
                    str(item.pairs),
                    f"{item.share_first:.0%},{NBSP}{item.share_second:.0%}",
                ]


def labels(folders: Sequence[Path]) -> list[str]:
    """Return short names of runs: those of their folders, with the path where these are alike."""
    names = [folder.name for folder in folders]
    if len(set(names)) == len(names):
        return names
    return [str(folder) for folder in folders]


def _without_rounding(value: float, of: Difference) -> float:
    """The value, or 0 if it is no more than the last digits of the two means."""
    return 0.0 if abs(value) <= _ROUNDING * max(abs(of.first), abs(of.second)) else value


def _signed(value: float) -> str:
    return f"+{figure(value)}" if value > 0 else figure(value)


def _difference(name: str, base: RunResults, other: RunResults) -> Difference:
    # A replication that failed in one of the two has no partner.
    here, there = paired_replications(base, other)
    return paired_difference(name, base.outcomes[name][here], other.outcomes[name][there])


def _refuse_unlike(base: Compared, other: Compared) -> None:
    for key in ("scenario", "seed", "replications"):
        found, allowed = other.results.manifest[key], base.results.manifest[key]
        if found != allowed:
            raise SandtableError(
                f"{other.folder}: {key}: found {found}; allowed: {allowed}, as in {base.folder}, "
                "since only like runs can be paired"
            )
