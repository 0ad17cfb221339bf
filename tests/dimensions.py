"""What is varied, read without a scenario, for the tests of its points, words and figures."""

from __future__ import annotations

from collections.abc import Sequence

from sandtable.errors import InputError
from sandtable.studies.vary.dimension import Dimension
from sandtable.studies.vary.specification import read_dimensions


def parse_dimensions(
    arguments: Sequence[str], design: str = "grid", points: int | None = None
) -> list[Dimension]:
    found, faults = read_dimensions(arguments, design, points)
    if faults:
        raise InputError(faults)
    return found
