"""A small run and its exports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import sandtable
from sandtable.campaign import CampaignRun
from sandtable.export import export_run
from sandtable.scenario.new import write_campaign
from sandtable.vocabulary import ExportFormat

Exported = Callable[[ExportFormat], Path]


@pytest.fixture(scope="session")
def river_run(tmp_path_factory: pytest.TempPathFactory) -> CampaignRun:
    folder = tmp_path_factory.mktemp("river") / "river-war"
    write_campaign("river-war", folder)
    return sandtable.load(folder).run(12, out=folder.parent / "run")


@pytest.fixture(scope="session")
def exported(river_run: CampaignRun, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """Write replication 0 of the small run in a format, once."""
    folder = tmp_path_factory.mktemp("exported")

    def write(form: ExportFormat) -> Path:
        path = folder / f"river.{ {'orbat-mapper': 'json'}.get(form, form) }"
        return path if path.exists() else export_run(river_run, path, form, 0)

    return write
