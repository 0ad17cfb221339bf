"""How much work an analysis is: what is refused, and how it is written and counted."""

from __future__ import annotations

import pytest

from sandtable.errors import SandtableError
from sandtable.studies.sensitivity import SensitivitySpecification
from sandtable.studies.sensitivity.uncertain_inputs import UncertainInput


def test_everything_that_is_wrong_with_a_specification_is_told_at_once() -> None:
    with pytest.raises(SandtableError) as caught:
        SensitivitySpecification(trajectories=2, repeats=0, samples=100, strongest=0)
    said = str(caught.value)
    for word in ("trajectories: found 2", "128 will do", "repeats: found 0", "strongest: found 0"):
        assert word in said


def test_runs_are_counted_as_the_designs_have_them() -> None:
    """Morris: r (k + 1) rows; Saltelli with groups: N (k + 2), of which chance is one."""
    names = "abcde"
    inputs = [UncertainInput(name, name, "laws" if name < "c" else "assumptions") for name in names]
    few = SensitivitySpecification(4, repeats=3, samples=64, strongest=2)
    assert few.runs(inputs) == {"screening": 4 * 6 * 3, "indices": 64 * 6, "split": 64 * 5}
    # None is left to be the others.
    all_alone = SensitivitySpecification(4, repeats=3, samples=64, strongest=5)
    assert all_alone.runs(inputs)["indices"] == 64 * 8


def test_it_is_written_as_the_command_line_has_it() -> None:
    asked = SensitivitySpecification(5, 2, 128, 3, 50, ("captured/*", "losses/a/tanks"))
    assert " ".join(asked.words) == (
        "--trajectories 5 --repeats 2 --samples 128 --strongest 3 --singly 50 "
        "--outcomes captured/* --outcomes losses/a/tanks"
    )
