"""Where what ships with the code lies: inside an installed package, or in a checkout.

Light enough for shell completion, which asks for the shipped scenarios at every key.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from sandtable.errors import SandtableError

_SCORES = "results/reference/battles"
_CHECKOUT = Path(__file__).resolve().parents[2]


def register_root() -> Path:
    """Return the folder of the evidence register. Raises SandtableError if there is none."""
    return _shipped("seeds")


def is_shipped_register(root: Path) -> bool:
    """Say whether a folder is that of the shipped register."""
    return root.resolve() == register_root().resolve()


def scenarios_root() -> Path:
    """Return the folder of the shipped scenarios. Raises SandtableError if there is none."""
    return _shipped("scenarios")


def geography_root() -> Path:
    """Return the folder of the base map. Raises SandtableError if there is none."""
    return _shipped("geography")


def operations_root() -> Path:
    """Return the folder of the operations of other wars. Raises SandtableError if there is none."""
    return _shipped("operations")


def law_scores() -> Path:
    """Return the file with the scores of the laws' validation, one row a score.

    Raises SandtableError if there is none.
    """
    return _shipped(_SCORES) / "scores.csv"


def scenario_paths() -> dict[str, Path]:
    """Return the file or folder of each shipped scenario by name; none where none are installed."""
    try:
        found = sorted(scenarios_root().iterdir())
    except SandtableError:
        return {}
    files = {path.stem: path for path in found if path.suffix == ".toml" and path.is_file()}
    folders = {path.name: path for path in found if path.is_dir() and any(path.glob("*.toml"))}
    return dict(sorted((files | folders).items()))


def _shipped(name: str) -> Path:
    packed = files("sandtable").joinpath("data", name.rpartition("/")[2])
    if isinstance(packed, Path) and packed.is_dir():
        return packed
    # Only a folder beside the project's own pyproject.toml is a checkout's, not a stranger's.
    beside = _CHECKOUT / name
    if beside.is_dir() and (_CHECKOUT / "pyproject.toml").is_file():
        return beside
    raise SandtableError(
        f"found no folder {name}: neither {packed} nor {beside}; install sandtable again"
    )
