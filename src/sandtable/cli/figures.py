"""Figures and reports of a verb; what draws and writes them is loaded when it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from sandtable.vocabulary import FigureFormat

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun

Draw = Callable[[Any, Path], Iterable[Path]]

FAMILIES = 7
"""Of a run's figures, each drawn by one process; counted here, for what draws is loaded late."""


def drawing(verb: str, form: FigureFormat, executor: Executor | None = None) -> Draw:
    """Return what draws the findings of a verb into a folder, in files of this format.

    The figures of a run are drawn by the executor, if one is given.
    """

    def draw(found: Any, folder: Path) -> Iterable[Path]:
        from sandtable import figures

        if verb == "run":
            begun = figures.begin_run(found, folder, form, executor)
            return chain([figures.write_order_of_battle(found.campaign.scenario, folder)], begun)
        functions: dict[str, Callable[[Any, Path, FigureFormat], list[Path]]] = {
            "vary": figures.draw_vary,
            "sensitivity": figures.draw_sensitivity,
            "calibrate": figures.draw_calibration,
        }
        return functions[verb](found, folder, form)

    return draw


def load_figures(executor: Executor | None, count: int) -> None:
    """Have so many idle processes load what draws, before there is anything to be drawn."""
    if executor is not None:
        for _ in range(count):
            executor.submit(_load_figures)


def _load_figures() -> None:
    import sandtable.figures.draw  # noqa: F401


def reporting(path: Path, run: CampaignRun) -> Path:
    """Write the report of a run; what it takes is loaded then."""
    from sandtable.report import write_report

    return write_report(path, run)


def format_in(folder: Path) -> FigureFormat:
    """Return the format of the figures in a folder; of an empty one, what is drawn by itself."""
    forms: tuple[FigureFormat, ...] = get_args(FigureFormat)
    from sandtable.figures import ORDER_OF_BATTLE

    found = {path.suffix for path in folder.iterdir() if path.name != ORDER_OF_BATTLE}
    return next((form for form in forms if f".{form}" in found), forms[0])
