"""docs/disputes.md tells of every contradiction that a shipped scenario draws, as measured."""

from __future__ import annotations

import pytest

import disputes_page as made
from sandtable.cli import main
from sandtable.ensemble import Settings
from sandtable.studies.disputes import fact_disputes, find_effects, read_effects


def test_every_input_that_is_drawn_has_been_run() -> None:
    drawn = {
        (scenario.name, use.input)
        for scenario in made.scenarios()
        for dispute in fact_disputes(scenario)
        for use in dispute.uses
        if use.input
    }
    assert len(drawn) > 40
    effects = read_effects(made.EFFECTS)
    assert set(effects) == drawn, "run `make disputes` to measure them anew"
    assert {one.replications for one in effects.values()} == {made.REPLICATIONS}


@pytest.mark.verify
def test_the_command_lists_what_the_page_does(capsys: pytest.CaptureFixture[str]) -> None:
    for scenario in made.scenarios():
        with pytest.raises(SystemExit) as left:
            main(["cite", scenario.name, "--disputes", "-q"])
        assert not left.value.code
        listed = capsys.readouterr().out.split()
        for dispute in fact_disputes(scenario):
            assert {fact.id for fact in dispute.facts} <= set(listed)


@pytest.mark.verify
def test_the_differences_are_those_of_the_program() -> None:
    (khasan,) = [one for one in made.scenarios() if one.name == "lake-khasan-1938"]
    again = find_effects(khasan, Settings(replications=made.REPLICATIONS))
    told = read_effects(made.EFFECTS)
    for one in again:
        kept = told[one.scenario, one.input]
        assert [e.outcome for e in kept.moved] == [e.outcome for e in one.moved]
        for a, b in zip(kept.moved, one.moved, strict=True):
            assert a.difference == pytest.approx(b.difference, rel=1e-4)
