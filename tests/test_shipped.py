from pathlib import Path

import pytest

from sandtable import shipped
from sandtable.errors import SandtableError


def test_the_packed_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "sandtable" / "data" / "seeds"
    packed.mkdir(parents=True)
    monkeypatch.setattr(shipped, "files", lambda package: tmp_path / package)
    assert shipped.register_root() == packed


def test_a_checkout_has_its_folders_beside_pyproject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scenarios").mkdir()
    monkeypatch.setattr(shipped, "files", lambda package: tmp_path / "installed" / package)
    monkeypatch.setattr(shipped, "_CHECKOUT", tmp_path)
    with pytest.raises(SandtableError, match="found no folder scenarios"):
        shipped.scenarios_root()
    (tmp_path / "pyproject.toml").write_text("")
    assert shipped.scenarios_root() == tmp_path / "scenarios"
    with pytest.raises(SandtableError, match="found no folder geography"):
        shipped.geography_root()


def test_this_checkout() -> None:
    assert (shipped.register_root() / "facts").is_dir()
