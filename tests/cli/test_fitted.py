"""Whatever shows results of a run that was fitted to the record says so: JSON, table, stderr."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import BARE

CLAIMS = ["aa-losses", "aa-hill"]
WARNING = "fitted to the record: aa-losses, aa-hill; agreement with these claims was fitted"
SMALL = ["-n", "3", "--jobs", "1", *BARE]


@pytest.fixture
def fitted(hill: list[str], tmp_path: Path) -> list[str]:
    """The arguments that name the small scenario, a key of it fitted to both claims."""
    overlay = tmp_path / "overlay.toml"
    because = f"fitted to the record: {', '.join(CLAIMS)}"
    value = f'{{assumed = [9000, 12000], because = "{because}"}}'
    overlay.write_text(f'"formation.9-division.personnel" = {value}\n', encoding="utf-8")
    return [*hill, "--set-file", str(overlay)]


def test_run(call: Any, fitted: list[str], tmp_path: Path) -> None:
    for more, name in (([], "run"), (["--check-step"], "half")):
        said = call("run", *fitted, *SMALL, *more, "--json", "--out", tmp_path / name)
        document = json.loads(said.out)
        assert document["fitted_to"] == CLAIMS
        (warning,) = document["warnings"]
        assert warning.startswith(WARNING)
        assert said.err.splitlines()[-1] == f"warning: {warning}"
    said = call("run", *fitted, *SMALL, "--out", tmp_path / "table")
    assert f"\n{WARNING}" in said.out
    assert said.err.count("warning: fitted to the record") == 1


def test_compare(call: Any, hill: list[str], fitted: list[str], tmp_path: Path) -> None:
    plain, bent = tmp_path / "plain", tmp_path / "bent"
    call("run", *hill, *SMALL, "--out", plain)
    call("run", *fitted, *SMALL, "--out", bent)
    for more in ([], ["--unanswered"]):
        said = call("compare", bent, *more, "--json")
        document = json.loads(said.out)
        assert document["fitted_to"] == CLAIMS
        (warning,) = document["warnings"]
        assert said.err == f"warning: {warning}\n"
        assert warning.startswith(WARNING)
        assert call("compare", bent, *more).err == said.err
        assert call("compare", bent, *more, "--quiet").err == ""
        said = call("compare", plain, *more, "--json")
        document = json.loads(said.out)
        assert (document["fitted_to"], document["warnings"], said.err) == ([], [], "")
    said = call("compare", plain, bent, "--json")
    document = json.loads(said.out)
    assert (document["base"]["fitted_to"], document["base"]["warnings"]) == ([], [])
    assert document["others"][0]["fitted_to"] == CLAIMS
    assert said.err == f"warning: {bent}: {document['others'][0]['warnings'][0]}\n"
    assert call("compare", plain, bent).err == said.err
    assert call("compare", plain, plain).err == ""
