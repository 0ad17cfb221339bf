"""What is said beside results of a run that was fitted to the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandtable.cli.output import say
from sandtable.runs.fitted import fitted_warning


def fitted_fields(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return for JSON the claims that a run was fitted to, and what must be said of it."""
    warning = fitted_warning(manifest)
    return {
        "fitted_to": manifest.get("fitted_to") or [],
        "warnings": [] if warning is None else [warning],
    }


def warn_if_fitted(manifest: Mapping[str, Any], run: object = None) -> None:
    """Say on stderr that a run was fitted, if it was; ``run`` names it where there are several."""
    warning = fitted_warning(manifest)
    if warning is not None:
        named = "" if run is None else f"{run}: "
        say(f"warning: {named}{warning}", err=True)
