"""Figures and reports of a verb; what draws and writes them is loaded when it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from sandtable.vocabulary import FigureFormat

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun

Draw = Callable[[Any, Path], Iterable[Path]]


def drawing(verb: str, form: FigureFormat) -> Draw:
    """Return what draws the findings of a verb into a folder, in files of this format."""

    def draw(found: Any, folder: Path) -> Iterable[Path]:
        from sandtable import figures

        functions: dict[str, Callable[[Any, Path, FigureFormat], list[Path]]] = {
            "run": figures.draw_run,
            "vary": figures.draw_vary,
            "sensitivity": figures.draw_sensitivity,
            "calibrate": figures.draw_calibration,
        }
        drawn = functions[verb](found, folder, form)
        if verb == "run":
            drawn.append(figures.write_order_of_battle(found.campaign.scenario, folder))
        return drawn

    return draw


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
