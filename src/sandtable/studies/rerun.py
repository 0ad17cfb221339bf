"""A finished folder made again from what it keeps: a run or a study, to the same bytes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from sandtable.amounts import REPLICATIONS, require
from sandtable.campaign import Campaign
from sandtable.ensemble import Settings, StoppingRule
from sandtable.errors import InputError, Problem
from sandtable.runs import (
    Request,
    RunOptions,
    check_intact,
    differences,
    ground_fields,
    kept_request,
)
from sandtable.runs.manifest_fields import kept_as
from sandtable.runs.partial import without_times
from sandtable.runs.request import REPORT
from sandtable.runs.results import MANIFEST, read_manifest
from sandtable.studies.base import Study

Specified = TypeVar("Specified")
VERBS = ("run", "vary", "sensitivity", "calibrate")
"""The verbs whose folders can be made again."""


class Rerun(ABC):
    """The work that made a finished ``folder``, ready to be done again.

    It reads nothing but what the folder keeps and what is installed. Raises InputError if the
    folder holds no finished run or study, or keeps other files than were read.
    """

    def __init__(self, folder: Path, manifest: Mapping[str, Any], settings: Settings) -> None:
        self.folder = folder
        self.manifest = manifest
        self.settings = settings
        self.request = kept_request(folder, manifest)

    @property
    @abstractmethod
    def identity(self) -> Mapping[str, Any]:
        """All that the results would depend on here."""

    @property
    @abstractmethod
    def total(self) -> int:
        """How many runs of the model it takes, at most."""

    @abstractmethod
    def run(self, out: Path, options: RunOptions[Any]) -> None:
        """Do the work, and write the folder ``out``."""

    @property
    def verb(self) -> str:
        """The verb that made the folder."""
        return str(self.manifest["verb"])

    @property
    def differences(self) -> list[str]:
        """What the results rest on that is otherwise here: versions, coefficients, maps."""
        here = dict(self.identity)
        if "map" in self.manifest:
            here |= ground_fields(self._campaign.scenario.ground)
        there = {key: self.manifest.get(key) for key in here}
        return differences(there, here)

    @property
    @abstractmethod
    def _campaign(self) -> Campaign: ...


class _RunAgain(Rerun):
    def __init__(self, folder: Path, manifest: Mapping[str, Any], settings: Settings) -> None:
        super().__init__(folder, manifest, settings)
        self._loaded = Campaign.of(self.request)
        self._until = None
        if "until" in manifest:
            rule = dict(manifest["until"])
            first, path = rule.pop("first", None), folder / MANIFEST
            require([REPLICATIONS.fault(f"{path}: until.first", first)])
            self.settings = replace(settings, replications=first)
            self._until = kept_as(StoppingRule, rule, path, "until")

    @property
    def identity(self) -> Mapping[str, Any]:
        return self._loaded.identity(self.settings, self._until)

    @property
    def total(self) -> int:
        return self._until.at_most if self._until else self.settings.replications

    def run(self, out: Path, options: RunOptions[Any]) -> None:
        how = self.settings
        self._loaded.run(
            how.replications,
            how.seed,
            jobs=how.jobs,
            scheduler=how.scheduler,
            step_days=how.step_days,
            until=self._until,
            out=out,
            options=options,
        )

    @property
    def _campaign(self) -> Campaign:
        return self._loaded


class _StudyAgain(Rerun):
    def __init__(self, folder: Path, manifest: Mapping[str, Any], settings: Settings) -> None:
        super().__init__(folder, manifest, settings)
        self._study = _study(self.verb, self.request, settings, self._specification)

    def _specification(self, kind: type[Specified]) -> Specified:
        held = self.manifest["specification"]
        return kept_as(kind, held, self.folder / MANIFEST, "specification")

    @property
    def identity(self) -> Mapping[str, Any]:
        return self._study.identity

    @property
    def total(self) -> int:
        return self._study.total

    def run(self, out: Path, options: RunOptions[Any]) -> None:
        self._study.run(out, options)

    @property
    def _campaign(self) -> Campaign:
        return self._study.campaign


def _study(
    verb: str,
    request: Request,
    settings: Settings,
    specification: Callable[[type[Any]], Any],
) -> Study[Any, Any]:
    # Each when it is wanted: what one study needs the others do without.
    if verb == "vary":
        from sandtable.studies.vary import VarySpecification, VaryStudy

        return VaryStudy(request, settings, specification(VarySpecification))
    if verb == "sensitivity":
        from sandtable.studies.sensitivity import SensitivitySpecification, SensitivityStudy

        return SensitivityStudy(request, settings, specification(SensitivitySpecification))
    from sandtable.studies.calibrate import CalibrationSpecification, CalibrationStudy

    return CalibrationStudy(request, settings, specification(CalibrationSpecification))


def rerun(folder: Path, jobs: int = 1, scheduler: str | None = None) -> Rerun:
    """Return the work that made a finished folder. Raises InputError as `Rerun` does."""
    verb = read_manifest(folder).get("verb")
    if verb not in VERBS:
        allowed = "one of " + ", ".join(VERBS)
        raise InputError([Problem(str(folder / MANIFEST), "verb", repr(verb), allowed)])
    manifest = read_manifest(folder, _needed_by(verb))
    check_intact(folder)
    settings = Settings(
        manifest.get("replications", 1),
        manifest["seed"],
        jobs,
        manifest["step_days"],
        manifest["part_size"],
        scheduler,
    )
    return (_RunAgain if verb == "run" else _StudyAgain)(folder, manifest, settings)


def _needed_by(verb: str) -> list[str]:
    """Return the fields of a manifest without which this verb's work can't be done again."""
    needed = ["part_size"]
    # An analysis of sensitivity asks for repeats and samples in its specification.
    needed += ["replications"] if verb != "sensitivity" else []
    return needed + (["specification"] if verb != "run" else [])


def differing_files(one: Path, other: Path) -> list[str]:
    """Return the names of files that are not the same in two folders, but for times and report.

    A report may have been written anew, and tell of other replications.
    """
    names = {
        path.relative_to(folder).as_posix()
        for folder in (one, other)
        for path in folder.rglob("*")
        if path.is_file() and path.name != REPORT
    }
    return sorted(name for name in names if _content(one / name) != _content(other / name))


def _content(path: Path) -> bytes | None:
    if not path.is_file():
        return None
    content = path.read_bytes()
    return without_times(content) if path.name == MANIFEST else content
