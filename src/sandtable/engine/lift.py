"""Craft that carry troops over water: waves, fire on them, weapons that come later."""

from __future__ import annotations

from collections.abc import Generator
from math import floor

import simpy

from sandtable.engine.network import ENEMY, Node
from sandtable.engine.state import GONE, Formation
from sandtable.engine.world import World
from sandtable.laws.advance import wet_days
from sandtable.scenario import resolved

_DONE = 1e-9
"""Men aboard below which nobody is left; the rest is rounding."""


class Passage:
    """A formation aboard: ``men`` when it embarked, ``left`` of them that are not ashore yet."""

    __slots__ = ("ashore", "formation", "left", "men", "node")

    def __init__(self, formation: Formation, node: Node, ashore: simpy.Event) -> None:
        self.formation, self.node, self.ashore = formation, node, ashore
        self.men = self.left = formation.personnel

    def is_afloat(self) -> bool:
        """Whether somebody of it is not ashore yet."""
        return self.left > _DONE

    def share_ashore(self) -> float:
        """Share (0-1) of the men who embarked that is ashore, or was lost on the way there."""
        return 1.0 - self.left / self.men if self.men > 0.0 else 1.0


class Lift:
    """The craft of one flotilla; who embarks first is carried first.

    ``craft`` that are left; ``ready``: day on which they next land a wave. ``weapons`` that come
    after their formation: tanks, guns, anti-tank guns, armoured cars.
    """

    def __init__(self, world: World, spec: resolved.Lift) -> None:
        self.world, self.spec = world, spec
        self.craft, self.ready = spec.craft, 0.0
        self.weapons: dict[Formation, tuple[float, float, float, float]] = {}
        self._queue: list[Passage] = []
        self._shares: dict[str, float] = {}
        self._process: simpy.Process | None = None
        self._fire_from = [world.network.nodes[place] for place in spec.fire_from]

    def embark(self, formation: Formation, node: Node, ashore: simpy.Event, days: float) -> None:
        """Take a formation aboard, whose last men are ``ashore`` when its last wave has landed.

        ``days`` until the craft, if they are free, land the first of it.
        """
        passage = Passage(formation, node, ashore)
        if self.spec.weapons_after is not None:
            f = formation
            tanks, guns, antitank_guns, cars = self.weapons.get(f, (0.0, 0.0, 0.0, 0.0))
            self.weapons[f] = (
                tanks + f.tanks, guns + f.guns, antitank_guns + f.antitank_guns,
                cars + f.armoured_cars,
            )  # fmt: skip
            f.tanks = f.guns = f.antitank_guns = f.armoured_cars = 0.0
        self._queue.append(passage)
        if self.world.tracks is not None:
            self.world.tracks.embarks(formation, passage)
        if self._process is None:
            self.ready = max(self.ready, self.world.env.now + days)
            self._process = self.world.env.process(self._run())

    def aboard(self) -> list[Formation]:
        """Formations of which somebody is not ashore yet."""
        return [passage.formation for passage in self._queue]

    def close(self) -> None:
        """Forget who is aboard, at the end of the replication."""
        for passage in self._queue:
            passage.ashore.callbacks = []
        self._queue.clear()
        self._process = None

    def _run(self) -> Generator[simpy.Event, None, None]:
        """Process: wave after wave, until nobody is left to be carried."""
        env = self.world.env
        while self._queue:
            yield env.timeout(max(0.0, self.ready - env.now))
            self._queue = [p for p in self._queue if p.formation.status != GONE]
            if not self._queue:
                break
            node = self._queue[0].node
            begun = node.id in self._shares
            if not begun and self.spec.rain == "closes" and self.world.is_wet(node.id):
                first = self._queue[0].formation
                self.world.log("waits for weather", formation=first, place=node.id)
                self.ready = floor(env.now) + 1.0
                continue
            self._land(node)
            self.ready = env.now + self._turn_round(node)
        self._process = None

    def _turn_round(self, node: Node) -> float:
        world, spec = self.world, self.spec
        calendar = world.wet.get(node.id)
        if calendar is None or spec.rain == "none":
            return spec.turn_round
        return wet_days(world.env.now, spec.turn_round, calendar, world.planning.rain[spec.rain])

    def _land(self, node: Node) -> None:
        """A wave lands at a place: as many men as the craft hold, less what fire costs."""
        share, room = self._share_lost(node), self.craft * self.spec.men
        landed = lost = 0.0
        first, done = self._queue[0].formation, list[Passage]()
        while self._queue and self._queue[0].node is node and room > _DONE:
            passage = self._queue[0]
            men = min(room, passage.left)
            lost += self._hit(passage, men, share)
            passage.left -= men
            room -= men
            landed += men
            if not passage.is_afloat():
                done.append(self._queue.pop(0))
        craft = min(share * landed / self.spec.men, self.craft - 1.0)
        self.craft -= craft
        losses = self.world.losses
        losses.craft[self.spec.side] = losses.craft.get(self.spec.side, 0.0) + craft
        told = f"{landed:.0f} men; lost on the water {lost:.0f} and {craft:.1f} craft"
        self.world.log("wave lands", formation=first, place=node.id, text=told,
                       details={"men": landed, "lost": lost, "craft_lost": craft})  # fmt: skip
        for passage in done:
            self._come_ashore(passage)

    def _share_lost(self, node: Node) -> float:
        """Share of a wave that fire costs, drawn once a place; nothing without an enemy there."""
        found = self._shares.get(node.id)
        if found is None:
            world = self.world
            z = world.draws(f"landing/{self.spec.id}/{node.id}").normal()
            law, afloat = world.laws.operations.landing, world.planning.landing.afloat
            found = self._shares[node.id] = law.share_lost(z, afloat)
        return found if self._under_fire(node) else 0.0

    def _under_fire(self, node: Node) -> bool:
        enemy = ENEMY[self.spec.coalition]
        within = (node, *self._fire_from)
        return self.world.on.fire_on_water and any(place.defenders(enemy) for place in within)

    def _hit(self, passage: Passage, men: float, share: float) -> float:
        """Take what fire costs so many ``men`` of a formation, and of the weapons with them."""
        if share <= 0.0 or men <= 0.0:
            return 0.0
        formation = passage.formation
        lost = min(formation.personnel, men * share)
        self.world.losses.take_afloat(formation, lost, share * men / passage.men, passage.node)
        return lost

    def _come_ashore(self, passage: Passage) -> None:
        after = self.spec.weapons_after
        if after is not None and any(self.weapons.get(passage.formation, ())):
            self.world.env.after(after, self._unload, passage)
        passage.ashore.succeed()

    def _unload(self, passage: Passage) -> None:
        """Weapons come ashore, once no fire reaches the landing place; of the fallen, they stay."""
        formation, world = passage.formation, self.world
        # Who has been thrown back over the water and comes again has them brought again.
        if formation.status == GONE or formation in self.aboard() or formation not in self.weapons:
            return
        if self._under_fire(passage.node):
            world.env.after(self.spec.turn_round, self._unload, passage)
            return
        tanks, guns, antitank_guns, cars = self.weapons.pop(formation)
        formation.tanks += tanks
        formation.guns += guns
        formation.antitank_guns += antitank_guns
        formation.armoured_cars += cars
        told = f"{tanks:.0f} tanks, {guns + antitank_guns:.0f} guns, {cars:.0f} armoured cars"
        weapons = {"tanks": tanks, "guns": guns + antitank_guns, "armoured_cars": cars}
        world.log("weapons land", formation=formation, place=passage.node.id, text=told,
                  details=weapons)  # fmt: skip
