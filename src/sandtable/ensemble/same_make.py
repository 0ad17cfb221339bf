"""What has to be the same wherever replications are worked, or their bytes might differ."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib import metadata
from pathlib import Path

import sandtable
from sandtable.processes import WorkerDiedError

_PACKAGES = ("numpy", "simpy", "scipy", "networkx", "distributed")
# Code, coefficients and figures of the package; scenarios and the register travel with the work.
_FILES = (".py", ".toml", ".csv")
_SHIPPED = "data"

Make = dict[str, str]
"""Versions by name, and under ``files`` a digest of what the package itself is made of."""


@cache
def make_here() -> Make:
    """Return the make of this process."""
    packages = {name: metadata.version(name) for name in _PACKAGES}
    own = {"python": platform.python_version(), "sandtable": sandtable.__version__}
    return {**own, "files": _digest(Path(sandtable.__file__).parent), **packages}


def differing(there: Make, here: Make) -> str:
    """Say what is otherwise there than here; nothing if all is the same."""
    return ", ".join(
        f"{name} {there.get(name, 'missing')} (here {version})"
        for name, version in here.items()
        if there.get(name) != version
    )


def check_same(asked: Make) -> None:
    """Raise WorkerDiedError unless this process is of the make of the one that asks for work."""
    found = differing(make_here(), asked)
    if found:
        # As good as dead: what others have done stands, but the work can't go on with this one.
        raise WorkerDiedError(f"the worker on {platform.node()} is of another make: {found}")


def _digest(package: Path) -> str:
    """Eight digits of the SHA-256 of all files, by name."""
    found = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        name = path.relative_to(package)
        if path.suffix in _FILES and name.parts[0] != _SHIPPED:
            content = path.read_bytes()
            found.update(f"{name.as_posix()} {len(content)}\n".encode() + content)
    return found.hexdigest()[:8]
