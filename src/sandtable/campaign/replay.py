"""One replication of a run, whole, played again and held to the outcomes that are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import isnan
from typing import TYPE_CHECKING, Any

from sandtable import runs
from sandtable.battle_rows import battle_rows
from sandtable.engine import Event
from sandtable.ensemble import Settings, columns, play_again
from sandtable.errors import SandtableError
from sandtable.runs.battles import Battles, table_of_battles
from sandtable.runs.tracks import Tracks, table_of_tracks
from sandtable.track_columns import Track

if TYPE_CHECKING:
    from sandtable.campaign.campaign import Campaign

# Copied by `asdict`, with all their details, events would take as long as the replication.
_OF_EVENT = [field.name for field in fields(Event)]


@dataclass(frozen=True, slots=True)
class Replay:
    """All that is told of one replication.

    ``events`` are those of `events.jsonl`, ``battles`` the rows of `Battles.of_replication`,
    ``tracks`` those of `Tracks.of_replication`, to the precision of the table.
    """

    number: int
    events: list[dict[str, Any]]
    battles: list[dict[str, Any]]
    tracks: list[Track]


def played_again(
    campaign: Campaign, manifest: Mapping[str, Any], number: int, kept: Mapping[str, float]
) -> Replay:
    """Play a replication of a run again, from the run's seed.

    ``kept`` are its outcomes by name, or some of them. Raises SandtableError if it does not come
    out as it did, with what the run rests on that is otherwise here.
    """
    settings = Settings(seed=manifest["seed"], step_days=manifest["step_days"])
    run = play_again(campaign.scenario, settings, number)
    here = dict(zip(columns(campaign.scenario)[0], run.outcomes, strict=True))
    differing = [name for name, value in kept.items() if not _same(value, here.get(name))]
    if differing:
        name = differing[0]
        told = f"the first, {name}, is {kept[name]:g} there and {here.get(name)} here"
        raise SandtableError(
            f"replication {number}: played again it differs from the run in {len(differing)} of "
            f"{len(kept)} outcomes; {told}\n{_why(campaign, manifest, settings)}"
        )
    battles = Battles(table_of_battles([battle_rows([(number, run.battles)])]))
    tracks = Tracks(table_of_tracks({number: run.tracks}))
    return Replay(
        number,
        [{name: getattr(event, name) for name in _OF_EVENT} for event in run.events],
        battles.of_replication(number),
        tracks.of_replication(number),
    )


def _same(kept: float, here: float | None) -> bool:
    return here is not None and (kept == here or (isnan(kept) and isnan(here)))


def _why(campaign: Campaign, manifest: Mapping[str, Any], settings: Settings) -> str:
    now = campaign.identity(settings)
    parts = ("digests", "versions")
    found = runs.differences(
        {part: manifest.get(part) for part in parts}, {part: now[part] for part in parts}
    )
    if not found:
        return (
            "inputs and versions are the same: another processor, or the engine was changed or "
            "compiled; sandtable rerun FOLDER makes the run again here"
        )
    return "\n".join(["what it rests on is otherwise here:", *(f"  {line}" for line in found)])
