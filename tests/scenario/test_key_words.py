from __future__ import annotations

import pytest

from sandtable.scenario.key_words import input_in_words, key_in_words
from shipped import shipped


@pytest.mark.parametrize(
    ("path", "unit", "words"),
    [
        ("formation.107-division.effectiveness", "share", "107th Division: effectiveness (share)"),
        ("side.japan.killed", "share", "Japan: share killed"),
        ("axis.36-army.fuel.carried_km", "km", "36th Army, main body: fuel, carried (km)"),
        ("axis.36-army.objectives.tsitsihar.planned", "", "36th Army, main body: objectives, "
         "Tsitsihar, planned date"),
        ("leg.hailar--yakoshih.length_km", "km", "Hailar to Yakoshih: length (km)"),
        ("air.9-air-army.sorties", "sortie", "9th Air Army: sorties"),
        ("air.japan.sorties", "sortie", "Japan, air force: sorties"),
        ("order.cease-fire.when", "", "order cease-fire: date and hour"),
        ("formation.*.antitank_guns", "gun", "every formation: anti-tank guns"),
        ("scenario.attrition", "", "scenario: attrition"),
        ("variant", "", "variant"),
        ("without", "", "mechanism switched off"),
        ("nothing of the kind", "", "nothing of the kind"),
    ],
)  # fmt: skip
def test_a_key_is_told_by_names(path: str, unit: str, words: str) -> None:
    assert key_in_words(path, shipped("manchuria-1945").file, unit) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("fact:his-107-division-value+none", "107th Division: combat value"),
        ("fact:no-such-fact", "no-such-fact"),
        ("laws: war and campaign", "laws: war and campaign"),
        ("planning: march_fatigue", "planning: march fatigue"),
        ("side.ussr.sick_of_wounded", "Soviet Union: sick for each wounded"),
    ],
)
def test_an_uncertain_input_is_told_by_what_it_is_about(name: str, words: str) -> None:
    scenario = shipped("manchuria-1945")
    assert input_in_words(name, scenario.file, scenario.facts) == words
