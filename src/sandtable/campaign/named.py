"""Replications of a run that stand for something, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandtable.outcomes import ADVANCE, PERSONNEL, Kind, parse

Values = NDArray[Any]
TYPICAL, FASTEST, COSTLIEST = "typical", "fastest", "costliest"
NEAREST = "nearest to the record"
NAMES: dict[str, str] = {
    TYPICAL: "nearest to the median in the headline outcomes",
    FASTEST: "earliest in the headline's times of events, or farthest on the axes",
    COSTLIEST: "most casualties in action, all sides together",
    NEAREST: "nearest to the claims of the outcomes that are scored",
}


def named(
    outcomes: Mapping[str, Values],
    numbers: Sequence[int],
    headline: Sequence[str],
    sides: Sequence[str],
    from_record: Values,
) -> dict[str, int]:
    """Return the numbers of the named replications; a name that nothing tells is left out.

    ``outcomes`` by name, a value each of the replications ``numbers``, which rise; ``headline``
    names the outcomes that the campaign is judged by, ``sides`` its sides, and ``from_record`` is
    what `comparison.distances` says of the replications. Of several that are alike in this the
    first is taken. The definitions are in docs/results.md.
    """
    told = {
        TYPICAL: _from_median(outcomes, headline),
        FASTEST: _lateness(outcomes, headline),
        COSTLIEST: -_casualties(outcomes, sides),
        NEAREST: from_record,
    }
    return {
        name: int(numbers[int(np.nanargmin(values))])
        for name, values in told.items()
        if not np.isnan(values).all()
    }


def _from_median(outcomes: Mapping[str, Values], names: Sequence[str]) -> Values:
    """Mean over outcomes of |rank share - 1/2|; a share of nothing is left out."""
    return _mean([np.abs(_rank_shares(outcomes[name], name) - 0.5) for name in names], outcomes)


def _lateness(outcomes: Mapping[str, Values], headline: Sequence[str]) -> Values:
    """Mean rank share of the headline's times of events that come about, or else of front ends."""
    moments = [
        name
        for name in headline
        if _kind(name) is Kind.MOMENT and not np.isnan(outcomes[name]).all()
    ]
    if moments:
        return _mean([_rank_shares(outcomes[name], name) for name in moments], outcomes)
    ends: dict[str, str] = {}
    for name in outcomes:
        told = parse(name)
        if told is not None and told.form is ADVANCE and not told.phase:
            # Those of an axis stand in the order of the days.
            ends[told.slots["axis"]] = name
    return _mean([_rank_shares(-outcomes[name], name) for name in ends.values()], outcomes)


def _casualties(outcomes: Mapping[str, Values], sides: Sequence[str]) -> Values:
    total = np.zeros(_count(outcomes))
    for side in sides:
        total = total + outcomes[PERSONNEL.name(side=side, casualty="in-action")]
    return total


def _rank_shares(values: Values, name: str) -> Values:
    """(rank - 1/2) / n, of those that are alike the mean; never comes last, other NaN is NaN."""
    told = np.where(np.isnan(values), np.inf, values) if _kind(name) is Kind.MOMENT else values
    shares = np.full(len(told), np.nan)
    applies = ~np.isnan(told)
    ordered = np.sort(told[applies])
    before = np.searchsorted(ordered, told[applies], side="left")
    up_to = np.searchsorted(ordered, told[applies], side="right")
    shares[applies] = (before + up_to) / (2.0 * max(len(ordered), 1))
    return shares


def _mean(shares: Sequence[Values], outcomes: Mapping[str, Values]) -> Values:
    """Mean of what applies, NaN where nothing does."""
    total, told = np.zeros(_count(outcomes)), np.zeros(_count(outcomes))
    for values in shares:
        total += np.nan_to_num(values)
        told += ~np.isnan(values)
    return np.where(told > 0.0, total / np.maximum(told, 1.0), np.nan)


def _count(outcomes: Mapping[str, Values]) -> int:
    return len(next(iter(outcomes.values())))


def _kind(name: str) -> Kind | None:
    told = parse(name)
    return None if told is None else told.form.kind
