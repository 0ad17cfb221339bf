"""Who is of another make does no part of a run."""

from __future__ import annotations

import platform
import shutil
from importlib import metadata
from pathlib import Path

import pytest

import sandtable
from sandtable.ensemble import same_make
from sandtable.ensemble.same_make import check_same, differing, make_here
from sandtable.errors import SandtableError


def test_what_is_held() -> None:
    here = make_here()
    assert here["python"] == platform.python_version()
    assert here["sandtable"] == sandtable.__version__
    assert here["numpy"] == metadata.version("numpy")
    assert here["distributed"] == metadata.version("distributed")
    check_same(here)
    assert differing(here, here) == ""


@pytest.mark.parametrize("name", ["python", "sandtable", "files", "numpy", "distributed"])
def test_each_difference_is_told(name: str) -> None:
    here = make_here()
    asked = {**here, name: "9.9"}
    with pytest.raises(SandtableError) as caught:
        check_same(asked)
    assert str(caught.value).endswith(f"is of another make: {name} {here[name]} (here 9.9)")
    older = {key: version for key, version in here.items() if key != name}
    assert differing(older, here) == f"{name} missing (here {here[name]})"


def test_the_digest_is_of_code_and_coefficients(tmp_path: Path) -> None:
    package = tmp_path / "sandtable"
    shutil.copytree(Path(sandtable.__file__).parent, package)
    first = same_make._digest(package)
    assert first == make_here()["files"]
    # What comes and goes, and what travels with the work, does not count.
    (package / "engine" / "more.pyc").write_bytes(b"1")
    (package / "data").mkdir(exist_ok=True)
    (package / "data" / "facts.csv").write_text("id\n", encoding="utf-8")
    assert same_make._digest(package) == first
    for name in ("laws/coefficients.toml", "engine/battle.py"):
        path = package / name
        before = path.read_bytes()
        path.write_bytes(before + b"\n")
        assert same_make._digest(package) != first
        path.write_bytes(before)
    (package / "engine" / "battle.py").rename(package / "engine" / "fight.py")
    assert same_make._digest(package) != first
