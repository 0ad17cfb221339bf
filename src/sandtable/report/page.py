"""The report as one HTML page: data, style and scripts inside, nothing asked of the network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from sandtable.report.card_data import evidence_block
from sandtable.report.chart_data import counts_block, outcomes_block
from sandtable.report.claims_data import claims_block
from sandtable.report.ensemble_data import captures_block, fronts_block, members_block
from sandtable.report.ground_data import ground_block
from sandtable.report.head_data import head
from sandtable.report.map_data import names_block
from sandtable.report.material import Material
from sandtable.report.replication_data import replications_block
from sandtable.report.text import json_text, source_hash
from sandtable.report.time_data import time_block

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun

REPORT = "report.html"

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
}
"""What the scripts of a page read by name, and what makes each of it."""
SCRIPTS = (
    "core", "map", "fronts", "places", "time", "replications", "charts", "brush", "cards", "tables",
)  # fmt: skip
"""In the order in which they are loaded."""


def report_text(
    run: CampaignRun, other: CampaignRun | None = None, replications: Sequence[int] = ()
) -> str:
    """Return the report of a run as HTML; with ``other``, of two runs side by side.

    ``replications`` are told in full beside the run's own. Raises InputError for a number that a
    run lacks.
    """
    materials = [Material.of(one, replications) for one in (run, other) if one is not None]
    scripts = [_static(f"{name}.js") for name in SCRIPTS]
    style = _static("style.css") + _static("charts.css")
    return _environment().get_template("report.html.j2").render(
        heads=[head(material) for material in materials],
        blocks=[
            (f"{name}-{number}", json_text(block(material)))
            for number, material in enumerate(materials)
            for name, block in BLOCKS.items()
        ],
        style=style,
        style_hash=source_hash(style),
        scripts=scripts,
        script_hashes=" ".join(map(source_hash, scripts)),
    )  # fmt: skip


def write_report(
    path: Path,
    run: CampaignRun,
    other: CampaignRun | None = None,
    replications: Sequence[int] = (),
) -> Path:
    """Write the report of a run, or of two, and return ``path``; an existing file is replaced."""
    text = report_text(run, other, replications)
    path.write_text(text, encoding="utf-8", newline="\n")
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
