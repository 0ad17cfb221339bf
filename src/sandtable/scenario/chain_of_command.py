"""Which formations stand below which, in a scenario as it is written and as it is resolved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class Member(Protocol):
    """A formation under its parent."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def type(self) -> str:
        """Its type; ``headquarters`` has nothing of its own."""
        ...

    @property
    def parent(self) -> str | None:
        """Id of the headquarters above it."""
        ...


class ChainOfCommand:
    """The formations of a scenario by what is above them.

    ``children`` holds the ids directly below a formation, and under None those below nobody.
    """

    def __init__(self, formations: Iterable[Member]) -> None:
        members = tuple(formations)
        parents = {member.id: member.parent for member in members}
        self.children: dict[str | None, list[str]] = {}
        self._combat_below: dict[str, list[str]] = {}
        for member in members:
            self.children.setdefault(member.parent, []).append(member.id)
            if member.type == "headquarters":
                continue
            passed: dict[str, None] = {}
            above: str | None = member.id
            # Where a scenario is at fault, a chain may lead in a circle.
            while above is not None and above not in passed:
                passed[above] = None
                self._combat_below.setdefault(above, []).append(member.id)
                above = parents.get(above)

    def combat_below(self, name: str) -> list[str]:
        """Ids of the formations with men of their own at or below ``name``, all generations.

        They come in the file's order. Empty for a name that isn't a formation's.
        """
        return self._combat_below.get(name, [])
