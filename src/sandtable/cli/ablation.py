"""``sandtable run --ablate``: each mechanism switched off in turn, and what it is worth."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandtable.cli.figures import drawing
from sandtable.cli.output import say
from sandtable.cli.progress import ensemble_progress

if TYPE_CHECKING:
    from sandtable.campaign import Campaign
    from sandtable.ensemble import Settings
    from sandtable.studies.vary import VaryResult
    from sandtable.vocabulary import FigureFormat


@dataclass(frozen=True, slots=True)
class Worth:
    """What comes of a campaign without a mechanism.

    ``changed`` outcomes differ beyond chance; ``one_battle`` and ``sceptic`` are the skills
    of all kinds over these baselines, NaN without a score. The first row is the whole model.
    """

    without: str
    changed: int
    one_battle: float
    sceptic: float

    def as_json(self) -> dict[str, Any]:
        """Return it for JSON, which knows no NaN."""
        unknown = {k: None for k, v in asdict(self).items() if isinstance(v, float) and v != v}
        return asdict(self) | unknown


def ablated(
    campaign: Campaign,
    settings: Settings,
    run: Path,
    *,
    form: FigureFormat | None,
    quiet: bool,
    resume: bool,
    overwrite: bool,
    keep_failures: bool,
) -> VaryResult:
    """Run the study beside the folder of a ``run``, of the same campaign and replications."""
    from sandtable import RunOptions
    from sandtable.studies.vary import VarySpecification, VaryStudy

    study = VaryStudy(campaign.request, settings, VarySpecification(("without=all",)))
    folder = run.with_name(f"{run.name}-ablation")
    with ensemble_progress(study.total, folder, quiet) as shown:
        options = RunOptions(
            resume=resume,
            overwrite=overwrite,
            keep_failures=keep_failures,
            draw=None if form is None else drawing("vary", form),
            on_part=shown.add,
            on_resumed=shown.resumed,
            on_damage=shown.damaged,
        )
        return study.run(folder, options)


def worth_rows(done: VaryResult) -> list[Worth]:
    """Return a row a mechanism, the whole model first, then by how many outcomes change."""
    from sandtable.studies.vary.brief import changed_by_point

    changed = changed_by_point(done.table)
    names = {float(row["point"]): str(row["without"]) for row in done.table}
    every = {float(row["point"]): row for row in done.scores if row["kind"] == "all"}

    def skill(point: float, baseline: str) -> float:
        return float(every[point][f"skill_{baseline}"]) if point in every else math.nan

    rows = [
        Worth(name, changed.get(point, 0), skill(point, "one_battle"), skill(point, "sceptic"))
        for point, name in names.items()
    ]
    return [rows[0], *sorted(rows[1:], key=lambda row: -row.changed)]


def print_ablation(done: VaryResult) -> None:
    """Print what each mechanism is worth; those without effect in a line below."""
    from sandtable.cli.output import figure, print_table, print_wrapped

    base, *others = worth_rows(done)
    outcomes = len({row["outcome"] for row in done.table})

    def cells(row: Worth) -> list[str]:
        skills = []
        for mine, whole in ((row.one_battle, base.one_battle), (row.sceptic, base.sceptic)):
            skills += [_signed(mine), "" if row is base else _signed(mine - whole)]
        return ["(none)" if row is base else row.without, figure(row.changed), *skills]

    print_table(
        "Without each mechanism in turn, on the same random draws: skill over the baselines",
        ["without", f"changed of {outcomes}>", "one battle>", "change>", "sceptic>", "change>"],
        [cells(base), *(cells(row) for row in others if row.changed)],
    )
    still = ", ".join(row.without for row in others if not row.changed)
    if still:
        print_wrapped(f"no outcome changes beyond chance without {still}")
    say(f"written to {done.path}")


def _signed(value: float) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")
