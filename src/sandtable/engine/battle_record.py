"""What is kept of battles and of their phases, the fights for single places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from math import fsum, nan
from typing import TYPE_CHECKING, NamedTuple

from sandtable.battle_columns import UNFINISHED
from sandtable.engine.events import Details, Event
from sandtable.engine.state import Column, Formation
from sandtable.laws.frontage import Room, counting

if TYPE_CHECKING:
    from sandtable.engine.battle import Battle
    from sandtable.engine.conditions import Force
    from sandtable.engine.engagement import Engagement
    from sandtable.engine.world import World

BattleRow = tuple[object, ...]
"""A row of the table of battles, in the order of ``BATTLE_COLUMNS``."""


class Opening(NamedTuple):
    """Effective strengths of both sides when a fight opens, of those that count."""

    attackers: float
    defenders: float

    @property
    def ratio(self) -> float:
        """Force ratio; NaN against nobody."""
        return self.attackers / self.defenders if self.defenders > 0.0 else nan


class PhaseAccount:
    """What is kept of the fight for one place.

    ``attackers`` and ``defenders`` have their persons when they were first counted; ``acting``
    are those of both sides that have been in action, ``lost`` the casualties of both. ``days``
    in action and ``ground_km``, the depth of the defended zone that was crossed, are seen when
    it ends.
    """

    __slots__ = (
        "acting", "attackers", "cause", "columns", "days", "decision", "defenders", "end",
        "first_age", "first_penetration", "ground_km", "last", "leader", "lost", "opening",
        "place", "room", "start",
    )  # fmt: skip

    def __init__(self, engagement: Engagement, opening: Opening) -> None:
        self.place, self.opening, self.room = engagement.node.id, opening, engagement.room()
        self.start, self.end = float(engagement.world.env.now), nan
        self.first_age, self.first_penetration = engagement.age, engagement.penetration
        self.columns: list[Column] = []
        self.attackers: dict[Formation, float] = {}
        self.defenders: dict[Formation, float] = {}
        self.acting: tuple[dict[Formation, None], dict[Formation, None]] = ({}, {})
        self.last: tuple[list[Formation], list[Formation]] = ([], [])
        self.lost = [0.0, 0.0]
        self.days = self.ground_km = 0.0
        self.decision, self.cause = UNFINISHED, ""
        self.see(engagement)
        self.leader = next(iter(self.attackers))

    def see(self, engagement: Engagement) -> None:
        """Count in whoever has come to the place, and see how far the fight has come."""
        for column in engagement.attackers:
            if column not in self.columns:
                self.columns.append(column)
            for formation in column.formations:
                self.attackers.setdefault(formation, formation.personnel)
        for formation in engagement.defenders:
            self.defenders.setdefault(formation, formation.personnel)
        self.days = engagement.age - self.first_age
        self.ground_km = (engagement.penetration - self.first_penetration) * engagement.depth_km

    def act(self, own: list[Formation], opposed: list[Formation]) -> None:
        """Note who is in action."""
        # They are mostly those of the assessment before.
        if self.last == (own, opposed):
            return
        self.last = list(own), list(opposed)
        for acting, known, found in zip(
            self.acting, (self.attackers, self.defenders), self.last, strict=True
        ):
            acting.update(dict.fromkeys(found))
            for formation in found:
                known.setdefault(formation, formation.personnel)


class BattleAccount:
    """What is kept of one battle; ``number`` is its place in the order of openings, from 1.

    Nothing is kept before the first fight opens. ``came`` has each column's km when it joined
    and when it last left off, ``days`` are those in contact by then.
    """

    __slots__ = ("came", "days", "name", "number", "opening", "phases")

    def __init__(self, name: str) -> None:
        self.name, self.number, self.days = name, 0, 0.0
        self.phases: list[PhaseAccount] = []
        self.came: dict[Column, list[float]] = {}
        self.opening = Opening(nan, nan)

    def join(self, world: World, column: Column) -> None:
        """A column has joined."""
        if column in self.came:
            return
        self.came[column] = [column.km, column.km]
        if self.number and column.formations:
            men = _men(column.formations)
            world.log("joins", column=column, place=column.place, text=men, battle=self.number,
                      details=_joined(column.formations))  # fmt: skip

    def enlist(self, world: World, formation: Formation) -> None:
        """A formation has joined the defence."""
        if self.number:
            men, place = _men([formation]), formation.place
            world.log("joins", formation=formation, place=place, text=men, battle=self.number,
                      details=_joined([formation]))  # fmt: skip

    def begin(self, battle: Battle, engagement: Engagement) -> PhaseAccount:
        """The fight for a place opens, and the battle if it is the first."""
        if not self.phases:
            self._open(battle, engagement)
        ours, theirs = battle.force(engagement.present()), battle.force(engagement.defenders)
        phase = PhaseAccount(engagement, _opening(battle, ours, theirs, engagement.room()))
        self.phases.append(phase)
        _note(battle.world, phase)
        return phase

    def _open(self, battle: Battle, engagement: Engagement) -> None:
        world = battle.world
        ours, theirs = battle.attackers(), battle.defenders()
        self.opening = _opening(battle, ours, theirs, engagement.room())
        world.opened.append(battle)
        self.number = len(world.opened)
        men = f"{_men(ours.formations)} against {_men(theirs.formations)}"
        column, place = engagement.attackers[0], engagement.node.id
        world.log("battle begins", column=column, place=place, text=f"{self.name}: {men}",
                  battle=self.number)  # fmt: skip

    def close(self, engagement: Engagement, decision: str, cause: str) -> None:
        """The fight for a place is over, if it ever opened."""
        phase = engagement.account
        if phase is None:
            return
        self.see(engagement)
        phase.end, phase.decision, phase.cause = engagement.world.env.now, decision, cause
        _note(engagement.world, phase)

    def see(self, engagement: Engagement) -> None:
        """See how far a fight and its columns have come."""
        phase = engagement.account
        if phase is None:
            return
        phase.see(engagement)
        self.days = engagement.battle.age
        for column in phase.columns:
            self.came[column][1] = column.km

    @property
    def last(self) -> PhaseAccount:
        """The phase that ended last, or one that has not ended."""
        for phase in self.phases:
            if phase.decision == UNFINISHED:
                return phase
        return max(self.phases, key=lambda phase: phase.end)

    def ground_km(self) -> float:
        """How far the foremost column came, or the deepest zone that was crossed."""
        came = [last - first for first, last in self.came.values()]
        return max([0.0, *came, *[phase.ground_km for phase in self.phases]])


def _note(world: World, phase: PhaseAccount) -> None:
    """A fight that opens or ends befalls all who take part in it."""
    if world.tracks is not None:
        world.tracks.note([*phase.attackers, *phase.defenders])


def rows_of(world: World) -> list[BattleRow]:
    """All battles of a replication with their phases, in the order in which they opened."""
    for engagement in world.engagements.values():
        engagement.battle.account.see(engagement)
    return [row for battle in world.opened for row in _rows(battle)]


def _rows(battle: Battle) -> list[BattleRow]:
    """The battle's own row and those of its phases."""
    account = battle.account
    last, phases = account.last, account.phases
    acting = (
        dict.fromkeys([f for phase in phases for f in phase.acting[0]]),
        dict.fromkeys([f for phase in phases for f in phase.acting[1]]),
    )
    committed = dict(battle.toll.committed)
    for phase in phases:
        # Whoever came just before the end was never counted in the battle.
        for formation, men in phase.attackers.items():
            committed.setdefault(formation, men)
    room = reduce(Room.or_more, [phase.room for phase in phases], battle.toll.room)
    whole = (
        account.number, account.name, battle.coalition, "",
        phases[0].start, last.end, account.days, _ids(account.came),
        *_forces(battle, committed, battle.members, account.opening, acting, room),
        *battle.toll.lost, last.decision, last.cause, account.ground_km(),
    )  # fmt: skip
    return [whole] + [
        (
            account.number, account.name, battle.coalition, phase.place,
            phase.start, phase.end, phase.days, _ids(phase.columns),
            *_forces(battle, phase.attackers, phase.defenders, phase.opening, phase.acting,
                     phase.room),
            *phase.lost, phase.decision, phase.cause, phase.ground_km,
        )
        for phase in phases
    ]  # fmt: skip


def _forces(
    battle: Battle, attackers: Mapping[Formation, float], defenders: Mapping[Formation, float],
    opening: Opening, acting: tuple[Iterable[Formation], Iterable[Formation]], room: Room,
) -> BattleRow:  # fmt: skip
    """The columns that tell who fought: formations, committed, strengths, in contact."""
    ceiling = battle.world.planning.battle.ceiling
    return (
        _ids(attackers), _ids(defenders),
        *counting(fsum(attackers.values()), fsum(defenders.values()), ceiling, room),
        opening.attackers, opening.defenders, opening.ratio,
        fsum([attackers.get(f, 0.0) for f in acting[0]]),
        fsum([defenders.get(f, 0.0) for f in acting[1]]),
    )  # fmt: skip


def log_of(world: World) -> list[Event]:
    """The event log, with the end of each battle that is over.

    A battle is over when contact is not taken up again, which shows only afterwards.
    """
    if world.events is None:
        return []
    events = list(world.events)
    for battle in world.opened:
        account = battle.account
        last = account.last
        if last.decision == UNFINISHED:
            continue
        who = last.leader
        told = f"{last.decision} after {account.days:.2f} days, {cost(battle.toll.lost)}"
        events.append(
            Event(last.end, "battle ends", who.id, last.columns[0].axis, last.place, who.side,
                  who.coalition, last.cause, told, account.number)
        )  # fmt: skip
    return sorted(events, key=lambda event: event.day)


def cost(lost: Sequence[float]) -> str:
    """Casualties of attackers and defenders in words."""
    return f"attackers lost {lost[0]:,.0f} men, defenders {lost[1]:,.0f}"


def _opening(battle: Battle, ours: Force, theirs: Force, room: Room) -> Opening:
    """Strengths of both sides now; as many count as the ceiling and the front let."""
    a, d = counting(ours.men, theirs.men, battle.world.planning.battle.ceiling, room)
    return Opening(_share(a, ours.men) * ours.strength, _share(d, theirs.men) * theirs.strength)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else 0.0


def _joined(formations: Sequence[Formation]) -> Details:
    men = fsum([f.personnel for f in formations])
    return {"men": men, "formations": float(len(formations))}


def _men(formations: Sequence[Formation]) -> str:
    men = fsum([f.personnel for f in formations])
    return f"{men:.0f} men in {len(formations)} formation{'' if len(formations) == 1 else 's'}"


def _ids(known: Iterable[Column] | Iterable[Formation]) -> tuple[str, ...]:
    return tuple([one.id for one in known])
