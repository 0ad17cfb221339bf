"""One Python beside the others that the project names: whatever is run, the same bytes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from battles.invented import battles
from battles.invented import write as write_battles
from operations.made_up import ROWS
from operations.made_up import write as write_operations
from shells import HILL

ROOT = Path(__file__).parents[1]
OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
CAMPAIGNS = (
    "lake-khasan-1938", "manchuria-1945", "mutanchiang-1945", "south-sakhalin-1945", "kurils-1945",
)  # fmt: skip
PLAIN = ["--no-figures", "--no-report", "--out"]
FEW = ["-n", "8", "--seed", "1", "--jobs", "1"]
PLAYED = ["-n", "4", "--jobs", "1", "--out"]
MORRIS = ["--trajectories", "4", "--repeats", "1", "--samples", "64", "--strongest", "2"]
WORDS = [
    *(["run", name, *FEW, *PLAIN, name] for name in CAMPAIGNS),
    ["run", "khalkhin-gol-1939", *FEW, "--out", "khalkhin-gol-1939"],
    ["compare", "khalkhin-gol-1939", "lake-khasan-1938", "--out", "pooled"],
    ["vary", *HILL, "formation.9-division.effectiveness=0.3,0.9", *FEW, "--out", "vary"],
    ["sensitivity", *HILL, *MORRIS, "--jobs", "1", "--out", "sensitivity"],
    [
        "battle",
        "men=9000,guns=30",
        "men=3000",
        "--crt",
        "-n",
        "40",
        "--jobs",
        "1",
        "--out",
        "t.csv",
    ],
    ["battles", "fit", "battles.csv", "--out", "coefficients.toml"],
    ["battles", "predict", "battles.csv", "--out", "battles-foretold.csv"],
    ["operations", "predict", "operations.csv", *PLAYED, "operations-foretold.csv"],
]
PROGRAM = """
import json, sys
from sandtable.cli import main
for words in json.loads(sys.argv[1]):
    try:
        main([*words, "--quiet"])
    except SystemExit as stopped:
        if stopped.code:
            sys.exit(f"{words}: {stopped.code}")
"""


def named() -> list[str]:
    """The Pythons that the project says it runs on, as 3.11."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = (re.fullmatch(r".*:: Python :: (3\.\d+)", line) for line in project["classifiers"])
    return [match[1] for match in found if match]


def others() -> Iterator[tuple[str, str]]:
    """Other Pythons of this machine that the project names: version and executable."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for version in named():
        installed = sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"))
        for python in (shutil.which(f"python{version}"), *map(str, installed)):
            if version != OWN and python and _works(python):
                yield version, python
                break


def _works(python: str) -> bool:
    asked = [python, "-c", "import ensurepip, venv"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def written(python: str, folder: Path) -> dict[str, bytes]:
    """What the commands write when they are run by ``python``, but for the versions told."""
    folder.mkdir()
    write_battles(folder / "battles.csv", battles(60, wars=3))
    write_operations(folder / "operations.csv", ROWS)
    command = [python, "-c", PROGRAM, json.dumps(WORDS)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    found = {name: path.read_bytes() for name, path in files.items()}
    for name in files:
        if name.endswith("manifest.json"):
            told = json.loads(found[name])
            found[name] = json.dumps(told | {"times": None, "versions": None}).encode()
    return found


@pytest.mark.verify
def test_the_same_bytes_on_every_python_that_is_here(tmp_path: Path) -> None:
    pythons = dict(others())
    if not pythons:
        pytest.skip(f"Python {OWN} is the only one here: nothing to compare it with")
    own = written(sys.executable, tmp_path / OWN)
    for version, python in pythons.items():
        made = f".venv-{version}"
        subprocess.run(["make", f"{made}/installed", f"PYTHON={python}"], cwd=ROOT, check=True)
        other = written(str(ROOT / made / "bin" / "python"), tmp_path / version)
        differing = [n for n in own.keys() | other.keys() if own.get(n) != other.get(n)]
        assert not differing, (version, sorted(differing))
