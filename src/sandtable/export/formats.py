"""The formats of other tools: a run written as one of them, a scenario read from one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sandtable.export.geojson import geojson_text
from sandtable.export.imported import Imported, imported
from sandtable.export.kml import kml_text
from sandtable.export.new_scenario import scenario_text
from sandtable.export.orbat_mapper import orbat_mapper_text
from sandtable.export.orbat_mapper_file import read_orbat_file
from sandtable.export.picture import Picture
from sandtable.export.track_table import csv_text
from sandtable.files import write_whole
from sandtable.vocabulary import ExportFormat

if TYPE_CHECKING:
    from sandtable.campaign import CampaignRun

FORMATS: Mapping[ExportFormat, Callable[[Picture], str]] = {
    "orbat-mapper": orbat_mapper_text,
    "geojson": geojson_text,
    "kml": kml_text,
    "csv": csv_text,
}


def export_run(run: CampaignRun, path: str | Path, form: ExportFormat, number: int) -> Path:
    """Write replication ``number`` of a run as a file of another tool.

    The same run gives the same bytes; an earlier file is replaced. Returns the path. Raises
    SandtableError as `CampaignRun.replay` does.
    """
    text = FORMATS[form](Picture.of(run, number))
    write_whole(Path(path), text.encode())
    return Path(path)


def import_orbat_mapper(file: str | Path, path: str | Path) -> Imported:
    """Write the order of battle of a scenario of ORBAT Mapper as a scenario, and return it.

    An earlier file is replaced. Raises InputError with every fault of the file.
    """
    result = imported(read_orbat_file(Path(file)))
    write_whole(Path(path), scenario_text(result, Path(path).stem).encode())
    return result
