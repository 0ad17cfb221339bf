"""Operations played by the campaign engine: what comes of each, as an ensemble."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from shutil import copytree

import numpy as np
import tomli_w
from numpy.typing import NDArray

from sandtable.amounts import DRAWS, JOBS, SEED, require
from sandtable.ensemble import Part, Settings, columns, run_parts
from sandtable.ensemble.executors import map_unordered, workers
from sandtable.ensemble.failures import ReplicationsFailed, refuse_failures
from sandtable.errors import SandtableError
from sandtable.evidence import Fact, load_facts
from sandtable.operations.layout import SHARED, Plan, Ranges, layout_at
from sandtable.operations.recipe import ATTACKER, CAMPAIGN, DEFENDER, scenario_of
from sandtable.operations.table import Operation
from sandtable.outcomes import ADVANCE, PERSONNEL
from sandtable.scenario import Scenario
from sandtable.scenario.load import ScenarioSource
from sandtable.scenario.read import Register
from sandtable.shipped import operations_root
from sandtable.streams import Streams

Array = NDArray[np.float64]

QUANTITIES = ("attacker_losses", "defender_losses", "depth_km")
"""What is predicted of an operation: persons, persons, and how far half of the columns got, km."""
LAYOUTS = 4


@dataclass(frozen=True)
class Recipe:
    """The recipe's register, read once; ``ranges`` are those of its facts."""

    register: Register
    facts: Mapping[str, Fact]
    ranges: Ranges

    @classmethod
    def shipped(cls) -> Recipe:
        """Return the recipe as it ships. Raises InputError if its register has faults."""
        root = operations_root() / "register"
        facts = load_facts(root, CAMPAIGN)
        ends = ((id, fact.low, fact.high) for id, fact in facts.items())
        ranges = {
            id: (low, high)
            for id, low, high in ends
            if isinstance(low, float) and isinstance(high, float)
        }
        return cls(Register(root, (CAMPAIGN,), False), facts, ranges)

    def plans(self, operation: Operation, seed: int) -> list[Plan]:
        """Draw the layouts of an operation: of each figure one from each part of its range."""
        streams = Streams(operation.id, seed)
        places = {}
        for name in SHARED:
            order = np.argsort(streams.uniforms(f"layout/{name}", 0, LAYOUTS), kind="stable")
            places[name] = (order + 0.5) / LAYOUTS
        drawn = [{name: float(u[k]) for name, u in places.items()} for k in range(LAYOUTS)]
        layouts = [layout_at(operation, self.ranges, u) for u in drawn]
        return [Plan(operation, layout, self.ranges) for layout in layouts]

    def scenario(self, plan: Plan, number: int) -> Scenario:
        """Make the campaign of an operation in one layout, through all checks of a scenario."""
        name = scenario_name(plan.operation, number)
        source = ScenarioSource.of(name, scenario_of(plan), self.register, self.facts)
        return source.scenario()


def scenario_name(operation: Operation, layout: int) -> str:
    """Name of the campaign of an operation in one of its layouts, from 0."""
    return f"{operation.id}-{layout + 1}"


def play(
    operations: Sequence[Operation],
    replications: int,
    seed: int,
    jobs: int,
    on_done: Callable[[], None] = lambda: None,
) -> list[dict[str, Array]]:
    """Return the ensemble of each operation: arrays of shape ``(replications,)`` by QUANTITIES.

    The layouts take turns. An ensemble depends on the operation, the seed and the number of
    replications alone, neither on the other operations nor on ``jobs``. ``on_done`` is called
    after each layout. Raises SandtableError if any replication raised.
    """
    require([DRAWS.fault("replications", replications), SEED.fault("seed", seed),
             JOBS.fault("jobs", jobs)])  # fmt: skip
    each = -(-replications // LAYOUTS)
    tasks = [
        (operation, number, each, seed) for operation in operations for number in range(LAYOUTS)
    ]
    found: dict[tuple[str, int], dict[str, Array]] = {}
    with workers(min(jobs, len(tasks)) or 1) as (executor, ahead):
        for name, number, values in map_unordered(executor, ahead, _play, tasks):
            found[name, number] = values
            on_done()
    return [
        _in_turn([found[operation.name, number] for number in range(LAYOUTS)], replications)
        for operation in operations
    ]


def _play(
    operation: Operation, number: int, replications: int, seed: int
) -> tuple[str, int, dict[str, Array]]:
    """Play one layout of an operation: its name, the layout's number, and what came of it."""
    recipe = _recipe()
    scenario = recipe.scenario(recipe.plans(operation, seed)[number], number)
    names = columns(scenario)[0]
    losses = [names.index(PERSONNEL.name(side=s, casualty="total")) for s in (ATTACKER, DEFENDER)]
    days = range(1, scenario.calendar.calendar_days + 1)
    advances = [
        [names.index(ADVANCE.name(axis=axis.id, day=day)) for day in days]
        for axis in scenario.file.axis
    ]
    parts: list[Part] = []
    run_parts(scenario, Settings(replications, seed, 1), on_part=parts.append)
    failures = [failure for part in parts for failure in part.failures]
    try:
        refuse_failures(failures, replications, None, keep=False)
    except ReplicationsFailed as error:
        raise SandtableError(f"{operation.name}, layout {number + 1}: {error}") from None
    outcomes = np.concatenate([part.outcomes for part in sorted(parts, key=lambda p: p.first)])
    # Sources give how deep the front was moved, not how far a raid or a spearhead ran.
    depth = np.median([outcomes[:, axis].max(axis=1) for axis in advances], axis=0)
    values = (outcomes[:, losses[0]], outcomes[:, losses[1]], depth)
    return operation.name, number, dict(zip(QUANTITIES, values, strict=True))


@lru_cache(maxsize=1)
def _recipe() -> Recipe:
    return Recipe.shipped()


def write_scenarios(operations: Sequence[Operation], seed: int, folder: Path) -> list[Path]:
    """Write the campaigns of operations, a TOML file a layout, with their register beside them.

    A campaign runs from its file as any other scenario; with ``--seed`` as here it
    gives the same replications. Returns the files of the scenarios.
    """
    recipe = _recipe()
    folder.mkdir(parents=True, exist_ok=True)
    copytree(recipe.register.root, folder / "register", dirs_exist_ok=True)
    written = []
    for operation in operations:
        for number, plan in enumerate(recipe.plans(operation, seed)):
            path = folder / f"{scenario_name(operation, number)}.toml"
            text = tomli_w.dumps(scenario_of(plan))
            path.write_text(text, encoding="utf-8", newline="\n")
            written.append(path)
    return written


def _in_turn(layouts: Sequence[Mapping[str, Array]], replications: int) -> dict[str, Array]:
    """Join the ensembles of an operation's layouts, which take turns."""
    return {
        name: np.column_stack([layout[name] for layout in layouts]).ravel()[:replications]
        for name in QUANTITIES
    }
