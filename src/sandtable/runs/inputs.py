"""What a folder was made from, kept in it: scenario, map, overlay and register, as they were read.

A scenario's register is laid where a scenario has its own, so that ``inputs/scenario`` holds a
scenario that stands by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandtable.errors import InputError, Problem
from sandtable.evidence.rows import ClaimRow, columns
from sandtable.evidence.tables import CLAIMS, FACTS
from sandtable.runs.request import Request

if TYPE_CHECKING:
    from sandtable.scenario import Scenario

INPUTS = "inputs"
_SCENARIO, _OVERLAY, _REGISTER = "scenario", "overlay", "register"


@dataclass(frozen=True)
class Inputs:
    """The files that a request reads, by their paths below ``inputs/``.

    ``scenario``, ``overlay`` and ``register`` are the paths by which a request names them there;
    a ``register`` of None is the scenario's own.
    """

    scenario: str
    overlay: str | None
    register: str | None
    files: Mapping[str, bytes]

    @classmethod
    def read(cls, request: Request, scenario: Scenario) -> Inputs:
        """Read all files of a request, whose scenario is loaded. Raises OSError if one is gone."""
        path = Path(scenario.path)
        single = path.is_file() and request.scenario != scenario.name
        named = f"{_SCENARIO}/{path.name if single else scenario.name}"
        folder = _SCENARIO if single else named
        root = path if path.is_dir() else path.parent
        files = {f"{folder}/{file.name}": file.read_bytes() for file in _toml_files(path)}
        if scenario.file.map.file is not None:
            ground = Path(scenario.file.map.file)
            files[f"{folder}/{ground.as_posix()}"] = (root / ground).read_bytes()
        overlay = register = None
        if request.overlay is not None:
            overlay = f"{_OVERLAY}/{request.overlay.name}"
            files[overlay] = request.overlay.read_bytes()
        if request.register is not None:
            register = f"{_REGISTER}/{request.register.resolve().name}"
        at = register or f"{folder}/{_REGISTER}"
        held = _register_files(scenario.register, scenario.file.scenario.campaign)
        files |= {f"{at}/{name}": content for name, content in held.items()}
        return cls(named, overlay, register, files)

    def manifest(self) -> dict[str, Any]:
        """Return what the manifest says of them, with the SHA-256 of each."""
        digests = {name: _sha256(content) for name, content in sorted(self.files.items())}
        return {
            "scenario": self.scenario,
            "overlay": self.overlay,
            "register": self.register,
            "digests": digests,
        }


def kept_request(folder: Path, manifest: Mapping[str, Any]) -> Request:
    """Return the request by which a finished folder's scenario is loaded from what it keeps.

    Raises InputError if it keeps nothing, or not what its manifest says.
    """
    kept, root = manifest.get("inputs"), folder / INPUTS
    if not isinstance(kept, Mapping):
        allowed = "the folder of a run or study that keeps what it was made from"
        raise InputError([Problem(str(folder), INPUTS, "nothing", allowed)])
    problems = [
        Problem(
            str(root / name), "file", found, f"the file of SHA-256 {digest}, as in the manifest"
        )
        for name, digest in kept["digests"].items()
        if (found := _fault(root / name, digest))
    ]
    if problems:
        raise InputError(problems)
    return Request(
        str(root / kept["scenario"]),
        tuple(manifest["overrides"]),
        root / kept["overlay"] if kept["overlay"] else None,
        manifest["variant"],
        tuple(manifest["without"]),
        root / kept["register"] if kept["register"] else None,
        manifest.get("phase"),
    )


def _toml_files(path: Path) -> list[Path]:
    return sorted(path.glob("*.toml")) if path.is_dir() else [path]


def _register_files(register: Path, campaign: str) -> dict[str, bytes]:
    """Sources, all facts, since campaigns share them, and the claims about one campaign."""
    paths = [register / "sources.toml", register / CLAIMS / f"{campaign}.csv"]
    paths += sorted((register / FACTS).glob("*.csv"))
    files = {
        path.relative_to(register).as_posix(): path.read_bytes() for path in paths if path.is_file()
    }
    if not any(name.endswith(f"/{campaign}.csv") for name in files):
        # Kept as the scenario's own, the register has to know the campaign: without a claim.
        files[f"{CLAIMS}/{campaign}.csv"] = f"{','.join(columns(ClaimRow))}\n".encode()
    return files


def _fault(path: Path, digest: str) -> str | None:
    try:
        found = _sha256(path.read_bytes())
    except OSError as error:
        return error.strerror or str(error)
    return None if found == digest else "another file than was read"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
