"""Pages of scores: those of one run, and those of the runs of several campaigns together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sandtable.comparison import together
from sandtable.errors import SandtableError
from sandtable.figures.context import FigureContext
from sandtable.figures.score_panels import (
    NAMES,
    TOLD,
    Miss,
    draw_coverage,
    draw_misses,
    draw_pit,
    draw_skill,
    score_handles,
)
from sandtable.figures.sheet import WIDTH, Sheet, numbered, save
from sandtable.figures.style import BLACK, styled
from sandtable.figures.text import line_count, line_inches, wrapped
from sandtable.runs.fitted import fitted_warning
from sandtable.runs.manifest import changes_told
from sandtable.vocabulary import FigureFormat

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun
    from sandtable.comparison import Scores

_SUBTITLE = (
    "Skill: 1 is faultless, 0 as good as the baseline; on the right, over how many outcomes. Line: "
    "90 percent interval, by a bootstrap over axes and sides; hollow: too few of them for one; "
    "arrow: below \N{MINUS SIGN}1."
)
_ROWS = (
    "Misses: less than half of the record lies in the run's middle 90 percent. Each row begins at "
    "zero, or at H-hour, and ends with its largest value, or with the campaign."
)
_ON_A_PAGE, _TOGETHER = 12, 4
"""Misses that are named on a run's own page, and beside those of other campaigns."""
# Inches: from the left edge to each panel and how wide it is; a row of the panel of skill.
_PANELS = ((1.1, 1.9), (4.1, 1.15), (5.95, 1.05))
_KIND, _LOWEST = 0.2, 1.0
# Round the panels, and below the misses, which have no labels there.
_ABOVE, _BELOW, _UNDER = 0.22, 0.47, 0.16
_HEADING = 9.0


def score_figures(scores: Scores, context: FigureContext, sources: str) -> list[Figure]:
    """Return a page with a run's skill, calibration and worst misses; none without scores."""
    if not scores.all.outcomes:
        return []
    told = [context.simulated, sources, *([_ROWS] if scores.misses else [])]
    sheet = context.sheet(
        "how well the run predicts the record",
        _SUBTITLE,
        " ".join(told),
        score_handles([scores], misses=bool(scores.misses)),
    )
    return _pages(sheet, [_Block(_worth(scores), scores, context, _ON_A_PAGE)])


def draw_scores(
    runs: Sequence[CampaignRun], folder: str | Path, form: FigureFormat = "png"
) -> list[Path]:
    """Draw skill, calibration and worst misses of runs of different campaigns; return the files.

    All campaigns together stand first, then each. Campaigns without scores are left out, and
    without any nothing is drawn. Raises SandtableError for two runs of one scenario.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with styled():
        pages = numbered("scores", scores_figures(runs))
        return [save(figure, folder, name, form) for name, figure in pages]


def scores_figures(runs: Sequence[CampaignRun]) -> list[Figure]:
    """Return the pages that ``draw_scores`` writes."""
    ran = Counter(run.manifest["scenario"] for run in runs)
    for name, count in ran.items():
        if count > 1:
            raise SandtableError(f"scenario: found {count} runs of {name}; allowed: one of each")
    scored = [run for run in runs if run.score().all.outcomes]
    if not scored:
        return []
    contexts = [_context(run) for run in scored]
    whole = together({run.manifest["scenario"]: run.score() for run in scored})
    blocks = [_Block(f"All together: {_worth(whole)}", whole, None, 0)]
    blocks += [
        _Block(f"{context.title}: {_worth(run.score())}", run.score(), context, _TOGETHER)
        for run, context in zip(scored, contexts, strict=True)
    ]
    simulated = "; ".join(context.ran for context in contexts)
    misses = any(run.score().misses for run in scored)
    warnings = dict.fromkeys(context.warning for context in contexts if context.warning)
    sheet = Sheet(
        "How well runs of different campaigns predict the record",
        _SUBTITLE,
        f"Simulated: {simulated}. Record: claims of the register, with their sources in each "
        f"run's figures. {_ROWS}",
        score_handles([block.scores for block in blocks], misses=misses),
        " ".join(warnings) or None,
    )
    return _pages(sheet, blocks)


def _context(run: CampaignRun) -> FigureContext:
    manifest = run.manifest
    return FigureContext.of(
        run.campaign.scenario, len(run.numbers), fitted_warning(manifest), changes_told(manifest)
    )


def _worth(scores: Scores) -> str:
    told = f"{scores.all.outcomes} outcomes scored"
    if math.isnan(scores.effective):
        return told
    return f"{told}, worth {scores.effective:.2g} independent ones"


def _pages(sheet: Sheet, blocks: Sequence[_Block]) -> list[Figure]:
    figures = []
    for page, part in sheet.pages([block.inches for block in blocks]):
        own = blocks[part]
        figure = page.figure(math.fsum(block.inches for block in own))
        down = page.head
        for block in own:
            block.draw(figure, down)
            down += block.inches
        figures.append(figure)
    return figures


@dataclass(frozen=True)
class _Block:
    """What is shown of one run: three panels side by side, and the worst misses below.

    ``most`` misses are named, in the words of ``context``.
    """

    heading: str
    scores: Scores
    context: FigureContext | None
    most: int

    @cached_property
    def _heading(self) -> str:
        return wrapped(self.heading, WIDTH - 0.2, _HEADING, "bold")

    @cached_property
    def _misses(self) -> list[Miss]:
        if self.context is None:
            return []
        return [Miss.of(score, self.context) for score in self.scores.misses[: self.most]]

    @property
    def _over_panels(self) -> float:
        return line_inches(_HEADING, line_count(self._heading)) + _ABOVE

    @property
    def _panels(self) -> float:
        return max(_LOWEST, _KIND * len(self.scores.kinds))

    @property
    def _rows(self) -> float:
        return math.fsum(miss.inches for miss in self._misses)

    @property
    def inches(self) -> float:
        """Height of all of it."""
        misses = _ABOVE + self._rows + _UNDER if self._misses else 0.0
        return self._over_panels + self._panels + _BELOW + misses

    def draw(self, figure: Figure, down: float) -> None:
        """Draw it onto a page, so many inches below its top."""
        width, height = figure.get_size_inches()

        def axes(left: float, top: float, across: float, tall: float) -> Axes:
            room = left / width, (height - top - tall) / height, across / width, tall / height
            return figure.add_axes(room)

        figure.text(
            0.1 / width, 1.0 - down / height, self._heading, size=_HEADING, weight="bold",
            color=BLACK, va="top",
        )  # fmt: skip
        top = down + self._over_panels
        skill, pit, coverage = (axes(left, top, w, self._panels) for left, w in _PANELS)
        draw_skill(skill, self.scores.kinds)
        draw_pit(pit, self.scores)
        draw_coverage(coverage, self.scores.all, self.scores.effective)
        if self._misses and self.context is not None:
            top += self._panels + _BELOW + _ABOVE
            across = width - NAMES - TOLD - 0.4
            rows = axes(NAMES + 0.2, top, across, self._rows)
            draw_misses(rows, self._misses, self.context)
            rows.set_title(f"Worst misses, {len(self._misses)} of {len(self.scores.misses)}")
