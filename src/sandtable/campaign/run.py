"""An ensemble of a campaign: its results, and what they say beside the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sandtable.campaign.named import named
from sandtable.campaign.replay import Replay, played_again
from sandtable.comparison import (
    Comparison,
    Scores,
    Unanswered,
    by_phase,
    compare,
    distances,
    given,
    one_battle,
    sceptic,
    score_run,
    unanswered,
)
from sandtable.ensemble import columns
from sandtable.ensemble.replications import garbage_collected_after
from sandtable.errors import SandtableError, UnknownNameError
from sandtable.laws.coefficients import load_coefficients
from sandtable.representation import Represented
from sandtable.runs import RunResults
from sandtable.runs.results import TRACKS
from sandtable.runs.tracks import Tracks, table_of_tracks

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from sandtable.campaign.campaign import Campaign
    from sandtable.runs.battles import Battles

Baselines = dict[str, dict[str, NDArray[np.float64]]]
_REPLAYS = 8
"""So many are held, those that were made last."""
TABLES = ("outcomes", "daily", "events", "battles", "tracks", "comparison", "score")


class CampaignRun(Represented):
    """A run, held in memory or read from its folder.

    ``results`` are its tables. ``campaign`` is what was run, or makes it when it is first asked
    for: results can be read where the campaign no longer loads. ``baselines`` are those of
    `baselines_of`, if they are known already.
    """

    def __init__(
        self,
        results: RunResults,
        campaign: Campaign | Callable[[], Campaign],
        baselines: Baselines | None = None,
    ) -> None:
        self.results = results
        self._campaign = campaign
        self._baselines = baselines
        self._held: dict[int, Replay] = {}

    @cached_property
    def campaign(self) -> Campaign:
        """What was run. Raises InputError if a folder doesn't keep its inputs."""
        return self._campaign() if callable(self._campaign) else self._campaign

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What was asked for, and on what the results rest."""
        return self.results.manifest

    @property
    def path(self) -> Path | None:
        """The run's folder, None if it was not written."""
        return self.results.path

    @property
    def outcomes(self) -> Mapping[str, NDArray[np.float64]]:
        """Values of each outcome by name, one a replication (NaN: it never came about)."""
        return self.results.outcomes

    @property
    def daily(self) -> Mapping[str, NDArray[np.float32]]:
        """Daily series by name, each of shape (replications, days + 1); column 0 is H-hour."""
        return self.results.daily

    @property
    def events(self) -> list[dict[str, Any]]:
        """Every event of replication 0, in order: day, kind, place, formation, side, cause."""
        return self.results.events

    @property
    def battles(self) -> Battles:
        """Battles and their phases of all replications by column, a value a row."""
        return self.results.battles

    @property
    def numbers(self) -> NDArray[np.int32]:
        """Numbers of the replications, in order; those that failed are left out."""
        return self.results.numbers

    @cached_property
    def named(self) -> dict[str, int]:
        """Numbers of the replications that stand for something, by name; see `named.NAMES`.

        A name that nothing tells is absent: without a scored outcome none is nearest to the record.
        Raises SandtableError of a run that holds only some outcomes.
        """
        if "named" in self.manifest:
            return dict(self.manifest["named"])
        scenario = self.campaign.scenario
        if len(self.outcomes) < len(columns(scenario)[0]):
            raise SandtableError(
                "named replications: found a run that holds only some outcomes; "
                "allowed: one that holds all, run without only"
            )
        central = scenario.sampler.central()
        return named(
            self.outcomes,
            self.numbers.tolist(),
            self.campaign.headline,
            [side.id for side in central.sides],
            distances(self.compare(), self.outcomes, scenario=central),
        )

    @property
    def tracks(self) -> Tracks:
        """Tracks of formations, in replication 0 and the named ones, by column, a value a row.

        Raises InputError of a folder without their file.
        """
        return self._tracks if self.path is None else self.results.tracks

    def replay(self, number: int) -> Replay:
        """Return all that is told of a replication, by its number.

        It is played again from the seed, unless the folder keeps it whole, as it does replication
        0, and held against the outcomes that are kept. Raises SandtableError if it comes out
        otherwise, and for a number that the run does not have or that failed.
        """
        return self._replays([number])[number]

    def _replays(self, numbers: Sequence[int]) -> dict[int, Replay]:
        """Return some replications, those asked for before from memory."""
        new = [number for number in numbers if number not in self._held]
        if self._keeps_first and 0 in new:
            new.remove(0)
            battles, tracks = self.battles.of_replication(0), self.tracks.of_replication(0)
            self._held[0] = Replay(0, self.events, battles, tracks)
        with garbage_collected_after():
            for number, kept in self.results.rows(new).items() if new else ():
                self._held[number] = played_again(self.campaign, self.manifest, number, kept)
        asked = {number: self._held[number] for number in numbers}
        for number in list(self._held)[: max(0, len(self._held) - _REPLAYS)]:
            del self._held[number]
        return asked

    @property
    def _keeps_first(self) -> bool:
        """Whether the run's folder has all that is told of replication 0."""
        return self.path is not None and 0 in self.numbers and (self.path / TRACKS).exists()

    @cached_property
    def table_of_tracks(self) -> pa.Table:
        """The tracks that a run keeps, made by playing these replications again."""
        first = [0] if 0 in self.numbers else []
        wanted = sorted({*first, *self.named.values()})
        replays = self._replays(wanted)
        return table_of_tracks({number: replay.tracks for number, replay in replays.items()})

    @cached_property
    def _tracks(self) -> Tracks:
        return Tracks(self.table_of_tracks)

    def compare(self) -> Comparison:
        """Set the outcomes beside the recorded claims: a list of rows, one a claim."""
        return self._rows

    def score(self) -> Scores:
        """Score the outcomes, each against all its claimants, beside the baselines."""
        return self._scores

    @cached_property
    def baselines(self) -> Baselines:
        """What one would say of each outcome without a campaign model, by baseline and name."""
        if self._baselines is not None:
            return self._baselines
        return baselines_of(self.campaign, self.manifest["seed"])

    def unanswered(self) -> list[Unanswered]:
        """Return the recorded claims that the outcomes do not answer, each with the reason."""
        return list(self._unanswered)

    def to_pandas(self, table: str = "outcomes") -> pd.DataFrame:
        """Return one table as a DataFrame of pandas, which must be installed.

        ``outcomes`` has a row a replication, ``daily`` one a replication and day, ``events`` one
        an event of replication 0, ``battles`` one a battle or phase, ``tracks`` one whenever a
        formation's state changes, ``comparison`` one a claim, ``score`` one an outcome that the
        record tells of. Raises SandtableError for another table, and without pandas.
        """
        try:
            import pandas
        except ModuleNotFoundError:
            raise SandtableError(
                "to_pandas: found no package pandas; allowed: pip install pandas"
            ) from None
        if table == "outcomes":
            index = pandas.Index(self.numbers, name="replication")
            return pandas.DataFrame(dict(self.outcomes), index=index)
        if table == "daily":
            days = np.arange(self.daily[self.results.series[0]].shape[1])
            index = pandas.MultiIndex.from_product(
                [self.numbers, days], names=["replication", "day"]
            )
            columns = {name: values.ravel() for name, values in self.daily.items()}
            return pandas.DataFrame(columns, index=index)
        if table == "events":
            return pandas.DataFrame(self.events)
        if table == "battles":
            return pandas.DataFrame(dict(self.battles))
        if table == "tracks":
            return pandas.DataFrame(dict(self.tracks))
        if table == "comparison":
            return pandas.DataFrame(self.compare())
        if table == "score":
            return pandas.DataFrame(self.score().outcomes)
        raise UnknownNameError("table", table, TABLES)

    @cached_property
    def _rows(self) -> Comparison:
        calendar, claims = self.campaign.scenario.calendar, self.campaign.claims
        rows = compare(
            self.outcomes,
            claims,
            calendar=calendar,
            baseline=self.baselines["one_battle"],
            given=given(self.campaign.scenario.sampler.central()),
        )
        return Comparison(rows, calendar)

    @cached_property
    def _unanswered(self) -> list[Unanswered]:
        calendar = self.campaign.scenario.calendar
        return unanswered(self.outcomes, self.campaign.claims, calendar=calendar)

    @cached_property
    def _scores(self) -> Scores:
        return score_run(
            self.compare(),
            self._unanswered,
            self.outcomes,
            scenario=self.campaign.scenario.sampler.central(),
            baselines=self.baselines,
        )

    def represented(self) -> Mapping[str, object]:
        """Return what is told of it, by heading."""
        told: dict[str, object] = {
            "campaign": self.manifest["title"],
            "replications": len(self.numbers),
            "seed": self.manifest["seed"],
            "outcomes": len(self.outcomes),
        }
        if self.manifest.get("phase"):
            told["phase"] = self.manifest["phase"]
        if self.manifest["variant"]:
            told["variant"] = self.manifest["variant"]
        return told | ({"folder": self.path} if self.path else {})


def baselines_of(campaign: Campaign, seed: int) -> Baselines:
    """Return what one would say of each outcome without a campaign model, by baseline and name."""
    central, coefficients = campaign.scenario.sampler.central(), load_coefficients()
    return {
        "one_battle": by_phase(
            lambda part, streams: one_battle(part, coefficients, streams), central, seed
        ),
        "sceptic": by_phase(sceptic, central, seed),
    }
