"""All figures of one run, each written as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sandtable.figures.advance import advance_figures
from sandtable.figures.base_map import load_ground
from sandtable.figures.campaign_map import map_figure
from sandtable.figures.claims import claims_figures
from sandtable.figures.context import FigureContext, sources_of
from sandtable.figures.scores import score_figures
from sandtable.figures.sheet import numbered, save
from sandtable.figures.strength import losses_figures, strength_figures
from sandtable.figures.style import quantiles, styled
from sandtable.figures.tanks import tanks_figures
from sandtable.outcomes import CAPTURED
from sandtable.runs.fitted import fitted_warning
from sandtable.runs.manifest import changes_told
from sandtable.vocabulary import FigureFormat

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun
    from sandtable.runs import RunResults
    from sandtable.scenario.resolved import ResolvedScenario


def draw_run(run: CampaignRun, folder: str | Path, form: FigureFormat = "png") -> list[Path]:
    """Draw every figure of a run into ``folder``, which is made if need be; return the files.

    A figure that would be empty is not drawn. The same inputs give the same
    bytes. Of a run fitted to the record each says so. Raises SandtableError where an axis of
    advance leads over no leg.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with styled():
        return [save(figure, folder, name, form) for name, figure in run_figures(run)]


def run_figures(run: CampaignRun) -> Iterator[tuple[str, Figure]]:
    """Yield every figure of a run with the name of its file, in the style in force."""
    results, scenario, rows = run.results, run.campaign.scenario, run.compare()
    # One series at a time: all of a large run's together would not fit in memory.
    bands = {name: quantiles(results.daily[name]) for name in results.series}
    replications = len(results.daily[results.series[0]])
    warning, changes = fitted_warning(results.manifest), changes_told(results.manifest)
    context = FigureContext.of(scenario, replications, warning, changes)
    yield from numbered("strength", strength_figures(bands, context))
    yield from numbered("losses", losses_figures(bands, rows, context))
    yield from numbered("advance", advance_figures(bands, rows, context))
    captured = _Captured(results, context.resolved)
    yield "map", map_figure(bands, captured, context, load_ground(scenario.ground))
    yield from numbered("claims", claims_figures(rows, context, run.baselines["one_battle"]))
    yield from numbered("score", score_figures(run.score(), context, sources_of(rows)))
    yield from numbered("tank-losses", tanks_figures(results.outcomes, rows, context))


class _Captured(Mapping[str, NDArray[np.float64]]):
    """Days of capture by place, each read when it is asked for."""

    def __init__(self, results: RunResults, resolved: ResolvedScenario) -> None:
        self._outcomes = results.outcomes
        named = {place.id: CAPTURED.name(place=place.id) for place in resolved.places}
        self._places = [id for id, name in named.items() if name in results.outcomes]

    def __getitem__(self, place: str) -> NDArray[np.float64]:
        return self._outcomes[CAPTURED.name(place=place)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
