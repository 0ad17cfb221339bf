"""What was asked for, on which all results depend, and how it is carried out, on which none do."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from sandtable.ensemble import Settings, Until

FIGURES = "figures"

Finished = TypeVar("Finished")


@dataclass(frozen=True, slots=True)
class Request:
    """A scenario as it was asked for: its name or path, and all that was changed in it."""

    scenario: str
    overrides: tuple[str, ...] = ()
    overlay: Path | None = None
    variant: str | None = None
    without: tuple[str, ...] = ()

    def command(self, settings: Settings, until: Until | None = None) -> str:
        """Return the command line that asks for the same results, without machine's paths."""
        words = ["sandtable", "run", _file_name(self.scenario)]
        words += ["-n", str(settings.replications), "--seed", str(settings.seed)]
        if until:
            words += ["--until-error", f"{until.error:g}", "--at-most", str(until.at_most)]
            words += [word for name in until.outcomes for word in ("--outcomes", name)]
        words += ["--variant", self.variant] if self.variant else []
        words += [word for key in self.overrides for word in ("--set", key)]
        words += ["--set-file", self.overlay.name] if self.overlay else []
        words += [word for name in self.without for word in ("--without", name)]
        return shlex.join(words)


@dataclass(frozen=True, slots=True)
class RunOptions(Generic[Finished]):
    """How work is carried out and watched; nothing here changes a result.

    ``resume`` takes up an interrupted folder, ``overwrite`` replaces what lies there.
    ``keep_failures`` finishes without the replications that raised. ``draw`` is given what was
    found and a folder for its figures, which become part of the folder that is written.
    ``on_part`` is told of each part done, ``on_found`` of how many replications were done before.
    """

    resume: bool = False
    overwrite: bool = False
    keep_failures: bool = False
    draw: Callable[[Finished, Path], Iterable[Path]] | None = None
    on_part: Callable[[Any], None] | None = None
    on_found: Callable[[int], None] | None = None

    def drawn(self, found: Finished, folder: Path) -> None:
        """Draw what was found into the subfolder for figures, if that is wanted."""
        if self.draw is not None:
            self.draw(found, folder / FIGURES)


def _file_name(scenario: str) -> str:
    return Path(scenario).name if "/" in scenario or "\\" in scenario else scenario
