"""What the page says that `check` demands is what it demands: each breach has its input."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandtable.errors import InputError
from sandtable.scenario.demands import DEMANDS
from sandtable.scenario.findings import Findings
from sandtable.scenario.read import read_scenario
from sandtable.scenario.validate import draft

FOLDER = Path(__file__).parents[1] / "inputs" / "scenarios" / "invalid"
# The invalid scenarios that break each demand; what breaks the form of a key breaks none.
BREACHES = {
    "time": "start-without-zone end-before-start too-long out-of-the-centuries",
    "campaign": "unknown-campaign",
    "mechanism": "unknown-mechanism variant-unknown-mechanism",
    "name": "air-along-no-axis air-of-nobody air-over-nowhere demolition-of-nobody "
    "leg-by-unknown-lift leg-to-nowhere "
    "order-to-nobody order-unknown-axis unknown-axis unknown-establishment unknown-owner "
    "unknown-parent unknown-place weather-nowhere "
    "axis-of-no-phase order-of-battle-of-no-phase phase-unknown-attacker phase-unknown-formation "
    "phase-unknown-holder",
    "once": "id-twice leg-twice order-of-battle-twice",
    "map": "map-base-and-file",
    "map-extent": "map-base-elsewhere map-elsewhere",
    "map-file": "map-file-absent map-file-is-a-folder map-file-outside",
    "geojson": "map-broken map-coordinates-as-text map-feature-no-object map-lake-as-line "
    "map-latin-1 map-latitude-out-of-range map-layer-absent map-layer-unknown "
    "map-line-of-one-point map-longitude-not-finite map-no-collection map-point "
    "map-ring-left-open map-river-as-polygon map-scale-negative map-schematic-no-boolean "
    "map-source-absent map-without-features",
    "coalition": "one-coalition",
    "side": "side-named-both side-named-as-a-formation",
    "army": "army-unknown army-with-its-era",
    "shares": "killed-captured-missing",
    "supply": "missing-table supply-for-one-side",
    "supply-held": "supply-held-by-the-enemy",
    "leg": "leg-to-itself",
    "joined": "isolated-place",
    "demolition": "demolition-at-no-cost demolition-at-two-costs",
    "length": "leg-too-short",
    "combat": "no-personnel no-effectiveness",
    "appears": "never-appears",
    "stands": "starts-among-the-enemy",
    "headquarters": "headquarters-in-column headquarters-with-tanks headquarters-with-a-start",
    "services": "services-in-column services-with-a-value",
    "parent": "parent-cycle parent-not-a-headquarters parent-of-itself parent-of-the-enemy",
    "axis": "axis-of-one-place axis-without-formations axis-place-twice",
    "way": "places-without-leg",
    "begins": "starts-off-the-axis",
    "column": "axis-of-two-coalitions two-axes",
    "on-axis": "objective-off-the-axis objective-twice fortified-region-off-the-axis",
    "detachment": "detachment-not-in-column siege-without-detachment",
    "forward": "forward-detachment-behind forward-detachment-not-in-column "
    "forward-detachment-of-nobody forward-detachment-of-the-whole-column",
    "depot": "ammunition-from-the-enemy depot-nowhere depot-of-the-enemy depot-without-a-way",
    "neighbour": "axis-its-own-neighbour neighbour-of-the-enemy",
    "starts": "starts-before-h-hour",
    "border": "border-among-its-own border-of-nothing",
    "ban": "ban-of-nothing",
    "form": "assumed-without-reason no-form order-time-without-reason times-without-fact "
    "times-without-reason two-forms",
    "fact": "claim-is-no-fact empty-fact-list fact-in-wrong-unit fact-is-a-date "
    "fact-without-figure planned-is-no-date unknown-fact",
    "near": "moment-of-another-century",
    "closed": "fact-open-ended order-open-ended",
    "range": "fact-out-of-range infinite lift-halved-over-nothing lift-without-craft negative "
    "negative-factor not-a-number "
    "order-heeded-above-one order-range-reversed range-reversed share-above-one too-many-men",
    "phase-time": "phase-before-the-last-ends phase-beyond-the-end phase-ends-before-it-starts",
    "phase-forces": "phase-of-nobody",
    "phase-whole": "phase-starts-among-the-enemy phase-without-its-marcher",
    "variant": "variant-that-changes-nothing variant-unknown-formation variant-unknown-key "
    "variant-wrong-type",
    "who": "order-airlift-to-formation order-to-an-axis order-to-empty-headquarters",
    "order-keys": "order-with-idle-key order-without-amount order-without-place",
    "reach": "order-unreachable order-without-a-railway",
    "when": "order-after-the-end order-without-a-moment",
    "guns": "order-bombard-without-range",
    "lift": "order-by-lift-of-the-enemy",
    "after": "order-after-an-unknown-place order-after-itself order-after-nothing "
    "order-after-two-events",
}


def breaks_the_form(path: Path) -> bool:
    """Tell whether a scenario's fault lies in one key or file alone."""
    findings = Findings(str(path))
    try:
        draft(read_scenario(path, findings), findings)
    except InputError:
        return True
    return bool(findings.problems)


def test_every_demand_has_a_scenario_that_breaks_it() -> None:
    listed = [demand for group in DEMANDS.values() for demand in group]
    assert len(set(listed)) == len(listed)
    assert listed == list(BREACHES)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_fault_between_entries_breaks_one_demand(path: Path) -> None:
    broken = [demand for demand, names in BREACHES.items() if path.stem in names.split()]
    assert len(broken) == 1 or (not broken and breaks_the_form(path))


def test_what_breaks_a_demand_is_there() -> None:
    named = {name for names in BREACHES.values() for name in names.split()}
    assert named <= {path.stem for path in FOLDER.glob("*.toml")}
