"""What a run was asked for and what it relied on, so that its folder explains itself."""

from __future__ import annotations

import hashlib
import json
import math
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandtable.runs.fitted import fitted_to

if TYPE_CHECKING:
    from sandtable.ensemble import Reached, Settings, StoppingRule
    from sandtable.runs.request import Request
    from sandtable.scenario import Scenario

_PACKAGES = ("numpy", "simpy", "scipy", "networkx", "pydantic", "pyarrow", "matplotlib")


def identity(
    request: Request,
    scenario: Scenario,
    settings: Settings,
    laws: Mapping[str, str],
    until: StoppingRule | None = None,
) -> dict[str, Any]:
    """Return all that a run's results depend on, as it stands in ``manifest.json``.

    Of the register those facts that the scenario uses are digested (claims never enter a run);
    ``laws`` are the digests of what the laws' numbers were read from. With ``until`` the rule
    stands in place of the number of replications.
    """
    from sandtable import __version__
    from sandtable.ensemble import columns

    used = [scenario.facts[name] for name in sorted(scenario.facts_used)]
    overlay = request.overlay.read_bytes() if request.overlay else b""
    return {
        "command": request.command,
        "verb": request.verb,
        "scenario": scenario.name,
        "title": scenario.file.scenario.title,
        "seed": settings.seed,
        # How many an ensemble grows to is found out, not asked for.
        **(_rule(settings, until) if until else {"replications": settings.replications}),
        "step_days": settings.step_days,
        "part_size": settings.part_size,
        **({"phase": request.phase} if request.phase else {}),
        "variant": request.variant,
        "overrides": list(request.overrides),
        "without": list(request.without),
        "headline": scenario.sampler.central().headline(columns(scenario)[0]),
        "mechanisms": sorted(scenario.mechanisms.on),
        "fitted_to": fitted_to(scenario.quantities),
        "digests": {
            "scenario": scenario.digest,
            "overlay": hashlib.sha256(overlay).hexdigest() if overlay else None,
            "facts": _digest(asdict(fact) for fact in used),
            **laws,
        },
        "versions": {
            "sandtable": __version__,
            "python": platform.python_version(),
            **_versions(),
        },
    }


@cache
def _versions() -> Mapping[str, str]:
    """Versions of the packages that results rest on; to find one takes milliseconds."""
    return {name: metadata.version(name) for name in _PACKAGES}


def reached_fields(reached: Reached) -> dict[str, Any]:
    """Return what the manifest says of how far a run went, beside its identity."""
    told: dict[str, Any] = {"replications": reached.replications}
    if reached.failures:
        told["failures"] = [asdict(failure) for failure in reached.failures]
    if reached.errors is not None:
        known = {name: e if math.isfinite(e) else None for name, e in reached.errors.items()}
        told["reached"] = {"errors": known, "left_out": list(reached.left_out)}
    return told


def ground_fields(ground: Path | None) -> dict[str, Any]:
    """Return what the manifest says of the ground under a run's map: its file's name and digest.

    No result depends on it, so that it is no part of a run's identity.
    """
    told = None if ground is None else {"file": ground.name, "sha256": _file_digest(ground)}
    return {"map": told}


def _rule(settings: Settings, until: StoppingRule) -> dict[str, Any]:
    # Lists, as JSON gives them back: a plan that is read again must equal its making.
    rule = {**asdict(until), "outcomes": list(until.outcomes)}
    return {"until": {"first": settings.replications, **rule}}


def changes_told(manifest: Mapping[str, Any]) -> str:
    """Return what a run changed in its scenario, in words; empty for the scenario as it stands.

    That it was one phase alone is told first.
    """
    told = [f"phase {manifest['phase']}"] if manifest.get("phase") else []
    told += [f"variant {manifest['variant']}"] if manifest["variant"] else []
    told += manifest["overrides"]
    told += ["changes of an overlay"] if manifest["digests"]["overlay"] else []
    told += [f"without {name}" for name in manifest["without"]]
    return ", ".join(told)


def title_told(manifest: Mapping[str, Any]) -> str:
    """Return a run's title, with what it changed in its scenario."""
    return ", ".join(filter(None, (manifest["title"], changes_told(manifest))))


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return the key paths under which two manifests differ, with both values."""
    found: list[str] = []
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        if isinstance(before, dict) and isinstance(after, dict):
            found += [f"{key}.{line}" for line in differences(before, after)]
        elif before != after:
            found.append(f"{key}: {json.dumps(before)} there, {json.dumps(after)} here")
    return found


def file_digests(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of each named file of a folder."""
    return {name: _file_digest(folder / name) for name in names}


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(rows: Iterable[Any]) -> str:
    text = json.dumps(list(rows), sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
