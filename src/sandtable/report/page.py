"""The report as one HTML page: data, style and scripts inside, nothing asked of the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from sandtable.ensemble.replications import garbage_collected_after
from sandtable.files import write_whole
from sandtable.report.card_data import evidence_block
from sandtable.report.chart_data import counts_block, outcomes_block
from sandtable.report.claims_data import claims_block
from sandtable.report.ensemble_data import captures_block, fronts_block, members_block
from sandtable.report.ground_data import ground_block
from sandtable.report.head_data import head
from sandtable.report.map_data import names_block
from sandtable.report.material import Material
from sandtable.report.pair_data import pair_block
from sandtable.report.replication_data import replications_block
from sandtable.report.story_data import story_block
from sandtable.report.symbol_data import symbols
from sandtable.report.text import json_text, source_hash
from sandtable.report.time_data import time_block

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun

BLOCKS: dict[str, Callable[[Material], Any]] = {
    "names": names_block,
    "time": time_block,
    "ground": ground_block,
    "members": members_block,
    "fronts": fronts_block,
    "captures": captures_block,
    "replications": replications_block,
    "claims": claims_block,
    "counts": counts_block,
    "outcomes": outcomes_block,
    "evidence": evidence_block,
    "story": story_block,
}
"""What the scripts of a page read by name, and what makes each of it."""
OF_FIRST = ("outcomes", "evidence")
"""Those of which a report of two runs has the first one's alone."""
SCRIPTS = (
    "core", "map", "fronts", "battles", "places", "formations", "pins", "names", "time",
    "replications", "legend", "charts", "brush", "cards", "tables", "pair", "story",
)  # fmt: skip
"""In the order in which they are loaded."""


def report_text(*runs: CampaignRun, replications: Sequence[int] = ()) -> str:
    """Return the report of a run as HTML, or of two runs of one campaign side by side.

    ``replications`` are told in full beside the runs' own. Raises InputError for a number that a
    run lacks.
    """
    materials = [Material.of(run, replications) for run in runs]
    blocks = dict((*_blocks(materials), *_pair(materials)))
    scripts = [_static(f"{name}.js") for name in SCRIPTS]
    style = _static("style.css") + _static("charts.css")
    return _environment().get_template("report.html.j2").render(
        heads=[head(material) for material in materials],
        blocks=[(name, json_text(value)) for name, value in blocks.items()],
        symbols=symbols(materials),
        sides=materials[0].resolved.sides,
        ground=blocks["ground-0"],
        marked=len(materials[0].members),
        count=len(runs[0].numbers),
        style=style,
        style_hash=source_hash(style),
        scripts=scripts,
        script_hashes=" ".join(map(source_hash, scripts)),
    )  # fmt: skip


def _blocks(materials: Sequence[Material]) -> Iterator[tuple[str, Any]]:
    for number, material in enumerate(materials):
        for name, block in BLOCKS.items():
            if number == 0 or name not in OF_FIRST:
                yield f"{name}-{number}", block(material)


def _pair(materials: Sequence[Material]) -> Iterator[tuple[str, Any]]:
    if len(materials) > 1:
        yield "pair-0", pair_block(*materials)


def write_report(path: Path, *runs: CampaignRun, replications: Sequence[int] = ()) -> Path:
    """Write the report of a run, or of two, and return ``path``; an existing file is replaced.

    Parameters are those of `report_text`.
    """
    with garbage_collected_after():
        write_whole(path, report_text(*runs, replications=replications).encode())
    return path


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("sandtable.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _static(name: str) -> str:
    return files("sandtable.report").joinpath("static", name).read_text(encoding="utf-8")
