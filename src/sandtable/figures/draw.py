"""All figures of one run, written as PNG files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sandtable.figures.advance import advance_figure
from sandtable.figures.base_map import load_ground
from sandtable.figures.campaign_map import map_figure
from sandtable.figures.claims import claims_figures
from sandtable.figures.context import FigureContext
from sandtable.figures.strength import losses_figure, strength_figure
from sandtable.figures.style import marked, quantiles, save, styled
from sandtable.figures.tanks import tanks_figure
from sandtable.outcomes import CAPTURED
from sandtable.runs.fitted import fitted_warning

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun
    from sandtable.runs import RunResults
    from sandtable.scenario.resolved import ResolvedScenario


def draw_run(run: CampaignRun, folder: str | Path) -> list[Path]:
    """Draw every figure of a run into ``folder``, which is made if need be; return the files.

    A figure that would be empty is not drawn. The same inputs give the same
    bytes. Of a run fitted to the record each says so. Raises SandtableError where an axis of
    advance leads over no leg.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    warning = fitted_warning(run.results.manifest)
    with styled():
        return [
            save(marked(figure, warning), folder / f"{name}.png") for name, figure in _figures(run)
        ]


def _figures(run: CampaignRun) -> Iterator[tuple[str, Figure]]:
    results, scenario, rows = run.results, run.campaign.scenario, run.compare()
    # One series at a time: all of a large run's together would not fit in memory.
    bands = {name: quantiles(results.daily[name]) for name in results.series}
    replications = len(results.daily[results.series[0]])
    resolved = scenario.sampler.central()
    context = FigureContext(
        title=scenario.file.scenario.title, resolved=resolved, replications=replications
    )
    yield "strength", strength_figure(bands, context)
    yield "losses", losses_figure(bands, rows, context)
    if resolved.axes:
        yield "advance", advance_figure(bands, rows, context)
    captured = _Captured(results, resolved)
    yield "map", map_figure(bands, captured, context, load_ground(scenario.ground))
    pages = claims_figures(rows, context, run.baseline)
    for number, figure in enumerate(pages, start=1):
        yield "claims" if len(pages) == 1 else f"claims-{number}", figure
    tanks = tanks_figure(results.outcomes, rows, context)
    if tanks is not None:
        yield "tank-losses", tanks


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
