"""All figures of one run, written as PNG files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sandtable.figures.advance import advance_figure
from sandtable.figures.campaign_map import Line, map_figure
from sandtable.figures.claims import claims_figures
from sandtable.figures.setting import Setting
from sandtable.figures.strength import losses_figure, strength_figure
from sandtable.figures.style import quantiles, save, styled
from sandtable.figures.tanks import tanks_figure

if TYPE_CHECKING:
    from sandtable.comparison import Row
    from sandtable.record import Results
    from sandtable.scenario import Scenario


def draw_all(
    results: Results,
    scenario: Scenario,
    rows: Sequence[Row],
    folder: Path,
    *,
    baseline: Mapping[str, NDArray[np.float64]] | None = None,
    rivers: Sequence[Line] | None = None,
) -> list[Path]:
    """Draw every figure of a run into ``folder``, which is made if need be; return the files.

    ``rows`` are the comparison's, ``baseline`` the draws it was scored against (absent: no
    baseline is marked), ``rivers`` lines of (longitude, latitude) for a battlefield too small
    for the base map. A figure that would be empty is not drawn. The same inputs give the same
    bytes. Raises SandtableError where an axis of advance leads over no leg.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with styled():
        return [
            save(figure, folder / f"{name}.png")
            for name, figure in _figures(results, scenario, rows, baseline or {}, rivers)
        ]


def _figures(
    results: Results,
    scenario: Scenario,
    rows: Sequence[Row],
    baseline: Mapping[str, NDArray[np.float64]],
    rivers: Sequence[Line] | None,
) -> Iterator[tuple[str, Figure]]:
    timeline = results.timeline
    points = quantiles(timeline)
    bands = {name: points[:, :, column] for column, name in enumerate(results.series)}
    resolved = scenario.template.central()
    setting = Setting(
        title=scenario.file.scenario.title,
        h_hour=scenario.h_hour,
        resolved=resolved,
        days=timeline.shape[1] - 1,
        replications=timeline.shape[0],
    )
    yield "strength", strength_figure(bands, setting)
    yield "losses", losses_figure(bands, rows, setting)
    if resolved.axes:
        yield "advance", advance_figure(bands, rows, setting)
    captured = {
        place.id: results.outcomes[f"captured/{place.id}"]
        for place in resolved.places
        if f"captured/{place.id}" in results.outcomes
    }
    yield "map", map_figure(bands, captured, setting, rivers=rivers)
    pages = claims_figures(rows, setting, baseline)
    for number, figure in enumerate(pages, start=1):
        yield "claims" if len(pages) == 1 else f"claims-{number}", figure
    tanks = tanks_figure(results.outcomes, rows, setting)
    if tanks is not None:
        yield "tank-losses", tanks
