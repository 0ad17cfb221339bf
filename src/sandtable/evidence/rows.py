"""The only list of the register's columns and keys, for its readers and for JSON Schema."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sandtable.outcomes import SLUG, name_pattern
from sandtable.units import UNITS

Identifier = Annotated[str, Field(pattern=f"^{SLUG}$")]
Words = Annotated[str, Field(min_length=1)]
Unit = Annotated[str, Field(json_schema_extra={"enum": sorted(UNITS)})]
End = Annotated[
    str,
    Field(
        pattern=r"^(-?\d+(\.\d+)?|\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?)?$"
    ),
]
"""A number, a date, a date and hour, or nothing where the range is open."""
Line = Annotated[str, Field(pattern=r"^([1-9]\d*)?$")]
"""A line number from 1, or nothing."""


class RegisterEntry(BaseModel):
    """Base of what a register holds: unknown columns and keys are errors."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class FactRow(RegisterEntry):
    """A row of ``facts/<campaign>.csv``: what was so before the campaign or whatever its result."""

    id: Identifier
    """Used once in the whole register."""
    campaign: Identifier
    """As the file is named."""
    side: Identifier
    """The side that it is about, or ``both``."""
    subject: Words
    """Formation, place, army or person that it is about."""
    quantity: Words
    """What is counted or said of the subject."""
    low: End
    """Low end as printed; empty where the range is open or the unit is ``name``."""
    high: End
    """High end as printed; a date without an hour reaches to the end of that day."""
    unit: Unit
    """As printed; ``name`` marks a statement without a figure."""
    date: str
    """When it was so: a date, a month, a year, a range of them with ``/``, or nothing."""
    source: Identifier
    """An id of ``sources.toml``."""
    line: Line
    """Line of the document, where its source has a digest."""
    confidence: Literal["high", "medium", "low"]
    """How far to trust it."""
    note: str
    """What its reader must know; may be empty."""


class ClaimRow(RegisterEntry):
    """A row of ``outcomes/<campaign>.csv``: a recorded result, as one claimant puts it."""

    id: Identifier
    """Used once in the whole register."""
    campaign: Identifier
    """As the file is named."""
    outcome: Annotated[str, Field(pattern=name_pattern())]
    """Name of the outcome that it speaks of (docs/reference/outcomes.md)."""
    low: End
    """Low end as printed; empty where the range is open."""
    high: End
    """High end as printed; a date without an hour reaches to the end of that day."""
    unit: Unit
    """As printed; must fit the outcome's own unit."""
    claimant: Words
    """Who claims it: author and year, or the record itself."""
    source: Identifier
    """An id of ``sources.toml``."""
    line: Line
    """Line of the document, where its source has a digest."""
    note: str
    """What its reader must know; may be empty."""


class SourceEntry(RegisterEntry):
    """A table of ``sources.toml``, named by its id: a document that the register draws on."""

    title: Words
    """Title, with what tells its edition or copy apart."""
    kind: Words
    """What it is: book, article, web page, memoir, data set."""
    good_for: Words
    """What it can be relied on for."""
    author: Words | None = None
    """Who wrote it, or the body that published it; absent where that is not known."""
    year: Annotated[int, Field(ge=1000, le=9999)] | None = None
    """Year in which it was published; absent where that is not known."""
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    """SHA-256 of its file, where it can be laid beside the register; its rows then cite a line."""
    url: Annotated[str, Field(pattern="^http")] | None = None
    """Where it was read."""
    known_errors: tuple[str, ...] = ()
    """Where it is known to err."""


def columns(row: type[RegisterEntry]) -> tuple[str, ...]:
    """Return the columns of a file of such rows, in order."""
    return tuple(row.model_fields)
