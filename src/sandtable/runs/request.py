"""What was asked for, on which all results depend, and how it is carried out, on which none do."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from sandtable.ensemble import Settings

FIGURES = "figures"
REPORT = "report.html"
"""A view of a run that may be written anew: no result, and no part of what is held to digests."""

Finished = TypeVar("Finished")


@dataclass(frozen=True, slots=True)
class Request:
    """What a command asked for: a scenario, all that is changed in it, and what is done with it.

    ``scenario`` is a shipped name or a path, ``overrides`` are ``KEY=VALUE`` by key path,
    ``overlay`` a TOML file of changed keys, ``variant`` one of the scenario's own
    counterfactuals, ``without`` names of mechanisms to switch off, ``register`` the folder of an
    evidence register in place of the scenario's own or the shipped one, ``phase`` one of the
    scenario's phases, to be run alone.

    ``verb`` is done with ``replications`` (None: the verb counts its own) from ``seed`` on.
    ``stopping`` are the words of the command line for the rule that ends an ensemble, and
    ``options`` those of the verb's own options.
    """

    scenario: str
    overrides: tuple[str, ...] = ()
    overlay: Path | None = None
    variant: str | None = None
    without: tuple[str, ...] = ()
    register: Path | None = None
    phase: str | None = None
    verb: str = "run"
    replications: int | None = None
    seed: int = 1
    stopping: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    def changed(self, overrides: Sequence[str]) -> Request:
        """Return the same with more overrides behind its own."""
        return replace(self, overrides=(*self.overrides, *overrides))

    def of_verb(
        self,
        verb: str,
        settings: Settings,
        *,
        stopping: Sequence[str] = (),
        options: Sequence[str] = (),
        counted: bool = True,
    ) -> Request:
        """Return the same for a verb; not ``counted``: the settings' replications are not its."""
        replications = settings.replications if counted else None
        return replace(
            self,
            verb=verb,
            replications=replications,
            seed=settings.seed,
            stopping=tuple(stopping),
            options=tuple(options),
        )

    @property
    def command(self) -> str:
        """The command line that asks for the same results, without the machine's paths."""
        words = ["sandtable", self.verb, _file_name(self.scenario)]
        words += [] if self.replications is None else ["-n", str(self.replications)]
        words += ["--seed", str(self.seed), *self.stopping]
        words += ["--phase", self.phase] if self.phase else []
        words += ["--variant", self.variant] if self.variant else []
        words += repeated("--set", self.overrides)
        words += ["--set-file", self.overlay.name] if self.overlay else []
        words += repeated("--without", self.without)
        return shlex.join([*words, *self._register, *self.options])

    @property
    def _register(self) -> list[str]:
        """Words of the command line for the register, which may be named as ``..``."""
        return ["--register", self.register.resolve().name] if self.register else []

    def folder(self, scenario: str) -> Path:
        """Return the default folder, ``results/<scenario>/<name>``; ``scenario`` is its name.

        A run is named after its phase, variant, replications and seed, with a digest of its changes
        if there are any; all else after its verb, with a digest of its command line. Either digest
        takes in the content of the overlay.
        """
        overlay = [self.overlay.read_text(encoding="utf-8")] if self.overlay else []
        if self.verb == "run":
            words = [self.phase] if self.phase else []
            words += [self.variant or "base", f"n{self.replications}", f"seed{self.seed}"]
            without = [f"without {name}" for name in sorted(self.without)]
            told = [*self.overrides, *without, *overlay, *self.stopping, *self._register]
        else:
            words, told = [self.verb], [self.command, *overlay]
        if told:
            text = json.dumps(told, ensure_ascii=False)
            words.append(hashlib.sha256(text.encode()).hexdigest()[:8])
        return Path("results") / scenario / "-".join(words)


@dataclass(frozen=True, slots=True)
class RunOptions(Generic[Finished]):
    """How work is carried out and watched; nothing here changes a result.

    ``resume`` takes up an interrupted folder, ``overwrite`` replaces what lies there.
    ``keep_failures`` finishes without the replications that raised. ``draw`` is given what was
    found and a folder for its figures, which become part of the folder that is written; the files
    that it returns may still be in the making until each is asked for. ``report`` is given the file
    that is to report it and what was found.
    ``on_part`` is told of each part done, ``on_resumed`` of how many replications were done before,
    ``on_worked`` that none of a run is left to be done, ``on_damage``, in a sentence, of what an
    interrupted folder held that can't be gone on with.
    """

    resume: bool = False
    overwrite: bool = False
    keep_failures: bool = False
    draw: Callable[[Finished, Path], Iterable[Path]] | None = None
    report: Callable[[Path, Finished], Path] | None = None
    on_part: Callable[[Any], None] | None = None
    on_resumed: Callable[[int], None] | None = None
    on_worked: Callable[[], None] | None = None
    on_damage: Callable[[str], None] | None = None

    def begun(self, found: Finished, folder: Path) -> Iterable[Path]:
        """Have what was found drawn into the subfolder for figures, if that is wanted."""
        return () if self.draw is None else self.draw(found, folder / FIGURES)

    def finished(self, found: Finished, folder: Path, figures: Iterable[Path]) -> None:
        """Report what was found, if that is wanted, and wait for the figures that have begun."""
        if self.report is not None:
            self.report(folder / REPORT, found)
        deque(figures, maxlen=0)


def repeated(option: str, values: Iterable[str]) -> list[str]:
    """Return the words of a repeatable option of the command line."""
    return [word for value in values for word in (option, value)]


def _file_name(scenario: str) -> str:
    path = Path(scenario)
    # A folder may be named as "." or by a link, but the scenario has the folder's own name.
    if path.is_dir():
        return path.resolve().name
    return path.name if "/" in scenario or "\\" in scenario else scenario
