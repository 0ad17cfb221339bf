"""What is published: its name, what the wheel and the source archive hold, what they ask for."""

from __future__ import annotations

import tarfile
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NAME = "sandtable-campaigns"
EXTRAS = ("calibrate", "dask", "sensitivity")
"""What a user may add; the extra `test` has all of them, and what builds the documentation."""


def pinned(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    pins = (line.split("==") for line in lines)
    return {canonicalize_name(package): version for package, version in pins}


def required(*extras: str) -> list[Requirement]:
    more = [line for extra in extras for line in PROJECT["optional-dependencies"][extra]]
    return [Requirement(line) for line in [*PROJECT["dependencies"], *more]]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = str(tmp_path_factory.mktemp("wheel"))
    (path,) = WheelBuilder(str(ROOT)).build(directory=folder, versions=["standard"])
    assert Path(path).name.startswith("sandtable_campaigns-")
    return zipfile.ZipFile(path)


def test_the_wheel_is_named_apart_from_what_it_imports_as(wheel: zipfile.ZipFile) -> None:
    (metadata,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    told = Parser().parsestr(wheel.read(metadata).decode())
    assert told["Name"] == NAME
    assert told.get_all("Project-URL") is None and told["Home-page"] is None
    (scripts,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert wheel.read(scripts).decode().split() == [
        *("[console_scripts]", "sandtable", "=", "sandtable.cli:main"),
    ]


def test_the_wheel_holds_the_package_and_its_data_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"sandtable"}
    source = ROOT / "src/sandtable"
    # Tables and coefficients that stand beside the code too.
    shipped = [file for file in source.rglob("*.*") if file.suffix not in (".pyc", ".so")]
    assert {"coefficients.toml", "other_operations.csv"} <= {file.name for file in shipped}
    for file in shipped:
        assert f"sandtable/{file.relative_to(source)}" in names
    for folder in ("seeds", "scenarios", "geography", "operations"):
        for file in (ROOT / folder).rglob("*"):
            if file.is_file():
                assert f"sandtable/data/{file.relative_to(ROOT)}" in names
    assert "sandtable/data/battles/scores.csv" in names
    assert not [name for name in names if name.endswith(".pyc")]


def test_the_source_archive_holds_what_it_takes_to_test_and_to_contribute(tmp_path: Path) -> None:
    (path,) = SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        *("README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "CITATION.cff", "Makefile"),
        *("pyproject.toml", "constraints.txt", "constraints-lowest.txt"),
        *("src/sandtable/__init__.py", "tests/conftest.py", "docs/model.md", "mkdocs.yml"),
    } <= names


def test_extras_name_the_distribution() -> None:
    (own,) = [one for one in required("test") if canonicalize_name(one.name) == NAME]
    assert own.extras == {*EXTRAS, "docs"}


def test_the_lowest_pins_are_the_declared_bounds() -> None:
    """`make lowest` tests the very versions that are said to be enough."""
    pins = pinned("constraints-lowest.txt")
    for requirement in required(*EXTRAS):
        (bound,) = requirement.specifier
        lowest = pins[canonicalize_name(requirement.name)]
        # What is pinned exactly has bytes of its own in the results: the drawings of symbols.
        assert bound.operator == ("==" if requirement.name == "milsymbol" else ">=")
        assert requirement.specifier.contains(lowest)
        assert lowest.startswith(bound.version), requirement


def test_the_pins_of_the_tests_satisfy_the_bounds() -> None:
    pins = pinned("constraints.txt")
    for requirement in required(*EXTRAS, "docs", "test"):
        if canonicalize_name(requirement.name) != NAME:
            version = pins[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), requirement
