"""Figures of a run: matplotlib lives here and nowhere else."""

from typing import TYPE_CHECKING

from sandtable.lazy_names import lazy_names

if TYPE_CHECKING:
    from sandtable.figures.advance import Stop, advance_figures, draw_advance, stops_of
    from sandtable.figures.calibration import draw_calibration
    from sandtable.figures.campaign_map import draw_map, map_figure
    from sandtable.figures.claim_panel import draw_panel
    from sandtable.figures.claims import claims_figures
    from sandtable.figures.claims_beside import Claimed, draw_claims
    from sandtable.figures.comparison import draw_comparison
    from sandtable.figures.context import FigureContext
    from sandtable.figures.draw import begin_run, draw_run
    from sandtable.figures.moving import draw_moving
    from sandtable.figures.order_of_battle import (
        ORDER_OF_BATTLE,
        order_of_battle_svg,
        write_order_of_battle,
    )
    from sandtable.figures.response import draw_vary
    from sandtable.figures.scores import draw_scores, score_figures, scores_figures
    from sandtable.figures.sensitivity import draw_sensitivity
    from sandtable.figures.strength import draw_course, losses_figures, strength_figures
    from sandtable.figures.style import draw_bands, quantiles
    from sandtable.figures.tanks import draw_causes, tanks_figures

__all__ = [
    "ORDER_OF_BATTLE",
    "Claimed",
    "FigureContext",
    "Stop",
    "advance_figures",
    "begin_run",
    "claims_figures",
    "draw_advance",
    "draw_bands",
    "draw_calibration",
    "draw_causes",
    "draw_claims",
    "draw_comparison",
    "draw_course",
    "draw_map",
    "draw_moving",
    "draw_panel",
    "draw_run",
    "draw_scores",
    "draw_sensitivity",
    "draw_vary",
    "losses_figures",
    "map_figure",
    "order_of_battle_svg",
    "quantiles",
    "score_figures",
    "scores_figures",
    "stops_of",
    "strength_figures",
    "tanks_figures",
    "write_order_of_battle",
]

# What draws one thing needs nothing of what draws another.
__getattr__ = lazy_names(
    __name__,
    {
        "advance": "Stop advance_figures draw_advance stops_of",
        "calibration": "draw_calibration",
        "campaign_map": "draw_map map_figure",
        "claim_panel": "draw_panel",
        "claims": "claims_figures",
        "claims_beside": "Claimed draw_claims",
        "comparison": "draw_comparison",
        "context": "FigureContext",
        "draw": "begin_run draw_run",
        "moving": "draw_moving",
        "order_of_battle": "ORDER_OF_BATTLE order_of_battle_svg write_order_of_battle",
        "response": "draw_vary",
        "scores": "draw_scores score_figures scores_figures",
        "sensitivity": "draw_sensitivity",
        "strength": "draw_course losses_figures strength_figures",
        "style": "draw_bands quantiles",
        "tanks": "draw_causes tanks_figures",
    },
)
