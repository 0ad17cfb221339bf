"""What a campaign's sides, formations, places and axes are called in a sentence.

A scenario's names are titles (``5th Army``) or descriptions (``Garrison of Fuchin, in two works``):
a sentence needs an article, small letters where a description begins, and nothing behind the first
comma, colon or bracket that isn't needed to tell two names apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from sandtable.scenario.resolved import Axis, ResolvedScenario
from sandtable.story.words import Link, Words, joined, listed, numbered

# With one of these a name begins that is a description, unless it goes on as a title does.
_DESCRIBING = frozenset((
    "air-landing", "artillery", "batteries", "battery", "border", "cavalry", "central",
    "coastal", "covering", "depot", "detachment", "detachments", "eastern", "engineers",
    "first", "fleet", "flotilla", "forest", "fortified", "forward", "frontier", "garrison",
    "garrisons", "groups", "guard", "heavy", "heights", "landing", "lower", "machine-gun",
    "main", "mouth", "northern", "outposts", "party", "posts", "rear", "rearguard",
    "rearguards", "remnants", "reserve", "screening", "second", "services", "shore", "southern",
    "spur", "storm", "tanks", "three", "troops", "two", "upper", "valley", "western",
))  # fmt: skip
# Words in small letters that stand in titles, too.
_JOINING = frozenset((
    "about", "and", "at", "in", "of", "on", "the",
))  # fmt: skip
_NUMERALS = frozenset(("two", "three", "four", "five"))
_PREPOSITIONS = frozenset((
    "about", "at", "before", "behind", "beyond", "by", "directly", "for", "from", "in", "of",
    "on", "to", "under", "with",
))  # fmt: skip
# After a proper name these need no article: ``Takeda beach``.
_BARE = frozenset(("beach", "heights"))
_NAMED = 2
"""A column of no more formations is called by their names."""
_BREAK = re.compile(r", |: | \(")
_THEATRE = "theatre"


class Names:
    """Names of a campaign for its story, by id; an unknown id is written without hyphens."""

    def __init__(self, resolved: ResolvedScenario) -> None:
        self.resolved = resolved
        self.formations = resolved.formations_by_id
        self.places = resolved.places_by_id
        self._sides = resolved.sides_by_id
        parts = resolved.phases or (resolved,)
        self.axes: dict[str, Axis] = {axis.id: axis for part in parts for axis in part.axes}
        self._short_formations = _shortened({f.id: f.name for f in resolved.formations})
        self._short_places = _shortened({p.id: p.name for p in resolved.places})
        self._short_axes = _shortened({axis.id: axis.name for axis in self.axes.values()})

    def side(self, id: str) -> Link:
        """A side, without an article."""
        known = self._sides.get(id)
        return Link("side", id, known.name if known else id.replace("-", " "))

    def formation(self, id: str) -> Link:
        """A formation with its article, such as ``the 5th Army``."""
        return Link("formation", id, _with_article(self.title(id)))

    def title(self, id: str) -> str:
        """A formation as a heading has it; of two sides' with one name it tells the side."""
        name = self._short_formations.get(id, id.replace("-", " "))
        if id in self._of_two_sides:
            return f"{name} ({self.side(self.formations[id].side).text})"
        return name

    def place(self, id: str) -> Link:
        """A place, with an article if its name describes it."""
        name = self._short_places.get(id, id.replace("-", " "))
        return Link("place", id, _with_article(name) if _describes_place(name) else name)

    def forces(self, ids: Sequence[str], most: int = 3) -> Words:
        """Formations together: by name if they are few, else by what is above all of them."""
        known = [id for id in ids if id in self.formations]
        if len(known) <= most:
            return listed([self.formation(id) for id in known])
        above = self._above_all(known)
        if above is not None:
            link = Link("formation", above, f"the {self.title(above)}")
            return joined(numbered(len(known), "formation"), " of ", link)
        others = numbered(len(known) - 1, "other formation")
        return joined(self.formation(known[0]), f" and {others}")

    def be(self, ids: Iterable[str]) -> str:
        """``was`` or ``were``, as it follows the names of formations."""
        known = list(dict.fromkeys(ids))
        many = len(known) != 1 or is_plural(self.title(known[0]))
        return "were" if many else "was"

    def column(self, axis: str) -> Words:
        """The column on an axis: by what it consists of, else by the axis's name."""
        known = self.axes.get(axis)
        if known is None:
            return (axis.replace("-", " "),)
        if len(known.formations) == 1:
            return (self.formation(known.formations[0]),)
        above = self._above_all(known.formations)
        if above is not None and above != self.group(known.formations[0]):
            return (self.formation(above),)
        name = self._short_axes[axis]
        if name != known.name:
            return ("the ", Link("axis", axis, name), " column")
        if len(known.formations) <= _NAMED:
            return listed([self.formation(id) for id in known.formations])
        return ("the column led by ", self.formation(known.formations[0]))

    def group(self, formation: str) -> str:
        """The front or top formation to which a formation belongs; a theatre is above these.

        Of one without any headquarters it is the axis that it is on, or else its side.
        """
        chain = [id for id in self.chain(formation) if self.formations[id].echelon != _THEATRE]
        top = chain[-1] if chain else formation
        if top == formation and self.formations[top].type != "headquarters":
            axis = next((a.id for a in self.axes.values() if formation in a.formations), None)
            return f"axis/{axis}" if axis else f"side/{self.formations[formation].side}"
        return top

    def group_of_many(self, formations: Sequence[str]) -> str:
        """The group of all of these, or what is above all of their groups, or else their side."""
        groups = dict.fromkeys(self.group(id) for id in formations)
        if len(groups) == 1:
            return next(iter(groups))
        chains = [self.chain(id) for id in formations]
        above = next((id for id in chains[0] if all(id in chain for chain in chains)), None)
        return above or f"side/{self.formations[formations[0]].side}"

    def group_title(self, group: str) -> Link:
        """What stands before a paragraph about a group."""
        kind, _, id = group.partition("/")
        if not id:
            return Link("formation", group, _capital(self.title(group)))
        return self.side(id) if kind == "side" else Link("axis", id, self._short_axes[id])

    def chain(self, formation: str) -> list[str]:
        """A formation and those above it, up to the top."""
        found: list[str] = []
        at: str | None = formation
        while at is not None and at in self.formations and at not in found:
            found.append(at)
            at = self.formations[at].parent
        return found

    def _above_all(self, ids: Sequence[str]) -> str | None:
        """The lowest headquarters above all of some formations; none that is a theatre."""
        chains = [self.chain(id)[1:] for id in ids]
        common = next((id for id in chains[0] if all(id in chain for chain in chains)), None)
        return None if common is None or self.formations[common].echelon == _THEATRE else common

    @cached_property
    def _of_two_sides(self) -> frozenset[str]:
        sides: dict[str, set[str]] = {}
        for formation in self.formations.values():
            sides.setdefault(self._short_formations[formation.id], set()).add(formation.side)
        return frozenset(id for id in self.formations if len(sides[self._short_formations[id]]) > 1)


def is_plural(name: str) -> bool:
    """Whether a name is one of several: ``storm groups for the capes``, ``51st and 52nd Units``."""
    words = name.partition(" (")[0].split()
    small = (n for n, word in enumerate(words) if n and word in _PREPOSITIONS)
    head = words[next(small, len(words)) - 1].strip(",")
    return head.endswith("s") and not head.endswith(("ss", "Corps", "Services'"))


def _shortened(names: Mapping[str, str]) -> dict[str, str]:
    """Cut names at their first break, unless that leaves one word or the same for two.

    Those keep what follows, in brackets.
    """
    heads = {id: _head(name) for id, name in names.items()}
    count = Counter(heads.values())
    return {id: head if count[head] == 1 else _bracketed(names[id]) for id, head in heads.items()}


def _head(name: str) -> str:
    found = _BREAK.search(name)
    if found is None:
        return name
    head = name[: found.start()]
    # ``Engineers, transport and headquarters of ...`` is a list, no name with an addition.
    return head if " " in head or not _is_list(name) else name


def _is_list(name: str) -> bool:
    return " and " in name and name.split(", ")[0].lower() in _DESCRIBING


def _bracketed(name: str) -> str:
    found = _BREAK.search(name)
    if found is None or found.group() == " (":
        return name
    return f"{name[: found.start()]} ({name[found.end() :]})"


def _with_article(name: str) -> str:
    """A name after a small ``the``, which stands before no genitive such as ``Bykov's``."""
    first, _, rest = name.partition(" ")
    if first.endswith("'s"):
        return name
    return f"the {_small(first, rest)}"


def _small(first: str, rest: str) -> str:
    """A name whose first word is small if it is a description."""
    word = first.lower().strip(",")
    describes = word in _NUMERALS or (word in _DESCRIBING and _goes_on_small(rest))
    return f"{first.lower() if describes else first} {rest}".strip()


def _goes_on_small(rest: str) -> bool:
    word = rest.partition(" ")[0]
    return not word or word[0].islower()


def _describes_place(name: str) -> bool:
    first, _, rest = name.partition(" ")
    if first.lower() in _DESCRIBING and _goes_on_small(rest):
        return True
    small = _small_words(rest.partition(" (")[0].split())
    return any(word not in _JOINING | _BARE for word in small)


def _small_words(words: Iterable[str]) -> list[str]:
    return [word for word in words if word[:1].islower()]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
