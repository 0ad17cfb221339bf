"""All figures of one run, each written as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from sandtable.ensemble.replications import garbage_collected_after
from sandtable.figures.advance import advance_figures
from sandtable.figures.claims import claims_figures
from sandtable.figures.context import FigureContext, sources_of
from sandtable.figures.scores import score_figures
from sandtable.figures.sheet import numbered, save
from sandtable.figures.strength import losses_figures, strength_figures
from sandtable.figures.style import Floats, quantiles, styled
from sandtable.figures.tanks import tanks_figures
from sandtable.outcomes import CAPTURED, TANK_CAUSES, TANKS_BY
from sandtable.runs.fitted import fitted_warning
from sandtable.runs.manifest import changes_told
from sandtable.vocabulary import FigureFormat

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun


@dataclass(frozen=True, slots=True)
class _Family:
    """Pages of one kind: how they are made, and of what. Another process can make them."""

    name: str
    make: Callable[..., Sequence[Figure]]
    made_of: tuple[Any, ...]

    def figures(self) -> Iterator[tuple[str, Figure]]:
        return numbered(self.name, self.make(*self.made_of))

    def draw(self, folder: Path, form: FigureFormat) -> list[Path]:
        # What an artist is made of holds it too: to look for garbage all the time costs a quarter.
        with styled(), garbage_collected_after():
            return [save(figure, folder, name, form) for name, figure in self.figures()]


def draw_run(run: CampaignRun, folder: str | Path, form: FigureFormat = "png") -> list[Path]:
    """Draw every figure of a run into ``folder``, which is made if need be; return the files.

    A figure that would be empty is not drawn. The same inputs give the same
    bytes. Of a run fitted to the record each says so. Raises SandtableError where an axis of
    advance leads over no leg.
    """
    return list(begin_run(run, folder, form, None))


def begin_run(
    run: CampaignRun, folder: str | Path, form: FigureFormat, executor: Executor | None
) -> Iterator[Path]:
    """Have an executor begin with what `draw_run` draws; return the files.

    Each is waited for when it is asked for. Without an executor it is drawn only then.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    families = _families(run)
    if executor is None:
        return (path for family in families for path in family.draw(folder, form))
    begun = [executor.submit(family.draw, folder, form) for family in families]
    return (path for future in begun for path in future.result())


def run_figures(run: CampaignRun) -> Iterator[tuple[str, Figure]]:
    """Yield every figure of a run with the name of its file, in the style in force."""
    for family in _families(run):
        yield from family.figures()


def _families(run: CampaignRun) -> list[_Family]:
    results, scenario, rows = run.results, run.campaign.scenario, run.compare()
    # One series at a time: all of a large run's together would not fit in memory.
    bands = {name: quantiles(results.daily[name]) for name in results.series}
    replications = len(results.daily[results.series[0]])
    warning, changes = fitted_warning(results.manifest), changes_told(results.manifest)
    context = FigureContext.of(scenario, replications, warning, changes)
    tank_losses = {
        name: results.outcomes[name]
        for side in context.resolved.sides
        for cause in TANK_CAUSES
        if (name := TANKS_BY.name(side=side.id, cause=cause)) in results.outcomes
    }
    taken = {
        place.id: float(np.isfinite(results.outcomes[name]).mean())
        for place in context.resolved.places
        if (name := CAPTURED.name(place=place.id)) in results.outcomes
    }
    return [
        _Family("strength", strength_figures, (bands, context)),
        _Family("losses", losses_figures, (bands, rows, context)),
        _Family("advance", advance_figures, (bands, rows, context)),
        _Family("map", _map_figures, (bands, taken, context, scenario.ground)),
        _Family("claims", claims_figures, (rows, context, run.baselines["one_battle"])),
        _Family("score", score_figures, (run.score(), context, sources_of(rows))),
        _Family("tank-losses", tanks_figures, (tank_losses, rows, context)),
    ]


def _map_figures(
    bands: Mapping[str, Floats],
    taken: Mapping[str, float],
    context: FigureContext,
    ground: Path | None,
) -> list[Figure]:
    # What reads a map is loaded where one is drawn alone.
    from sandtable.figures.base_map import load_ground
    from sandtable.figures.campaign_map import map_figure

    return [map_figure(bands, taken, context, load_ground(ground))]
