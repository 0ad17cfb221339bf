"""What all studies of a campaign have in common: what is asked, a folder, and how it is filled."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import asdict
from pathlib import Path
from typing import Any, Generic, TypeVar

from sandtable.amounts import REPLICATIONS, require
from sandtable.campaign import Campaign
from sandtable.ensemble import Settings
from sandtable.runs import Request, RunOptions
from sandtable.runs.partial import PartialFolder

Findings = TypeVar("Findings")
Result = TypeVar("Result")


class Study(ABC, Generic[Findings, Result]):
    """A question put to a campaign, ready to be worked and written as a folder.

    ``request`` is what was asked for with the study's own verb and options, ``campaign`` the
    scenario without the study's changes, ``specification`` a dataclass of what it is asked. A
    study is whole once it is made: whatever is wrong with what was asked for has been told.
    """

    def __init__(
        self, request: Request, settings: Settings, campaign: Campaign, specification: Any
    ) -> None:
        self.specification = specification
        self.request = request
        self.settings = settings
        self.campaign = campaign
        # Now, while they still are what was loaded.
        self._inputs = campaign.inputs

    @property
    def folder(self) -> Path:
        """Where the results go if nothing else is said."""
        return self.request.folder(self.campaign.scenario.name)

    @property
    def identity(self) -> dict[str, Any]:
        """All that the results depend on, as the manifest holds it."""
        asked = {"command": self.request.command, "verb": self.request.verb}
        return {
            **self.campaign.identity(self.settings),
            **asked,
            # As JSON gives it back: a plan that is read again must equal its making.
            "specification": json.loads(json.dumps(asdict(self.specification))),
        }

    @property
    @abstractmethod
    def total(self) -> int:
        """How many runs of the model it takes, at most."""

    def run(
        self, out: str | Path | None = None, options: RunOptions[Findings] = RunOptions()
    ) -> Result:
        """Work the study and write its folder, unless it lies there finished; return what it holds.

        The bytes depend neither on the number of processes nor on interruptions. Raises
        SandtableError as `PartialFolder` does, and ReplicationsFailed if any replication raised,
        or, with ``keep_failures``, which leaves those out, if too few are left.
        """
        require([REPLICATIONS.fault("runs of the model", self.total)])
        place = Path(out or self.folder)
        with PartialFolder(
            place,
            self.identity,
            resume=options.resume,
            overwrite=options.overwrite,
            tell=options.on_damage,
        ) as folder:
            if not folder.finished:
                found = self._work(folder, options)
                options.finished(found, folder.work, options.begun(found, folder.work))
                folder.complete(self._inputs, {"jobs": self.settings.jobs})
        return self._result(place)

    @abstractmethod
    def _work(self, folder: PartialFolder, options: RunOptions[Findings]) -> Findings:
        """Run what is not done yet and write all files; return what was found."""

    @abstractmethod
    def _result(self, path: Path) -> Result:
        """Read a finished folder."""
