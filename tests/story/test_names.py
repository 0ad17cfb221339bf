"""What formations and places are called in a sentence."""

from __future__ import annotations

import pytest

from sandtable.campaign import CampaignRun
from sandtable.story.names import Names, is_plural
from sandtable.story.words import text_of


@pytest.fixture(scope="module")
def names(campaigns: dict[str, CampaignRun]) -> dict[str, Names]:
    return {name: Names(run.campaign.scenario.sampler.central()) for name, run in campaigns.items()}


@pytest.mark.parametrize(
    ("campaign", "id", "expected"),
    [
        ("manchuria-1945", "transbaikal-front", "the Transbaikal Front"),
        ("manchuria-1945", "5-army", "the 5th Army (Soviet Union)"),
        ("manchuria-1945", "japanese-5-army", "the 5th Army (Japan)"),
        ("manchuria-1945", "tungchiang-garrison", "the garrison of Tungchiang"),
        ("manchuria-1945", "59-rifle-corps", "the 59th Rifle Corps"),
        ("khalkhin-gol-1939", "bykov-detachment", "Bykov's detachment"),
        ("khalkhin-gol-1939", "149-rifle-regiment", "the 149th Rifle Regiment"),
        ("khalkhin-gol-1939", "11-tank-brigade-south",
         "the 11th Tank Brigade (the part with the Southern Group)"),
        ("khalkhin-gol-1939", "manchukuo-south", "the Shilan detachment on the southern flank"),
        ("kurils-1945", "first-throw", "the first throw"),
        ("kurils-1945", "not-there", "the not there"),
    ],
)  # fmt: skip
def test_formations(names: dict[str, Names], campaign: str, id: str, expected: str) -> None:
    assert names[campaign].formation(id).text == expected


@pytest.mark.parametrize(
    ("campaign", "id", "expected"),
    [
        ("manchuria-1945", "mukden", "Mukden"),
        ("manchuria-1945", "port-arthur", "Port Arthur"),
        ("manchuria-1945", "argun-east-bank", "Argun"),
        ("manchuria-1945", "hailar-fortified-region", "the Hailar fortified region"),
        ("manchuria-1945", "sungari-mouth", "the mouth of the Sungari"),
        ("manchuria-1945", "muleng-heights", "the heights west of Muleng"),
        ("khalkhin-gol-1939", "kawatama-bridge", "the Kawatama bridge"),
        ("khalkhin-gol-1939", "fui-heights", "Fui Heights"),
        ("kurils-1945", "takeda-beach", "Takeda beach"),
        ("kurils-1945", "shumshu", "Kataoka on Shumshu"),
        ("lake-khasan-1938", "hill-52", "Hill 52"),
    ],
)
def test_places(names: dict[str, Names], campaign: str, id: str, expected: str) -> None:
    assert names[campaign].place(id).text == expected


def test_few_by_name_and_many_by_what_is_above_them(names: dict[str, Names]) -> None:
    of = names["manchuria-1945"]
    assert text_of(of.forces(["134-division", "63-division"])) == (
        "the 134th Division and the 63rd Division"
    )
    army = of.axes["5-army"].formations
    assert text_of(of.forces(army)) == (
        f"{['six', 'seven', 'eight', 'nine', 'ten'][len(army) - 6]} formations of the 5th Army "
        "(Soviet Union)"
    )
    mixed = [*army[:3], "134-division"]
    assert text_of(of.forces(mixed)).endswith(" and three other formations")


def test_columns(names: dict[str, Names]) -> None:
    columns = {name: [text_of(of.column(a)) for a in of.axes] for name, of in names.items()}
    assert "the Yamagata column" in columns["khalkhin-gol-1939"]
    assert "the column led by the 64th Infantry Regiment" in columns["khalkhin-gol-1939"]
    assert "the 5th Army (Soviet Union)" in columns["manchuria-1945"]


def test_groups(names: dict[str, Names]) -> None:
    of = names["manchuria-1945"]
    assert of.group("76-tank-brigade") == "1-far-eastern-front"
    assert of.group("124-division") == "first-area-army"
    assert of.group_title(of.group("manchukuo-peian-troops")).text == "Manchukuo"
    assert of.group_of_many(["124-division", "63-division"]) == "kwantung-army"
    wing = names["khalkhin-gol-1939"]
    assert wing.group_title(wing.group("8-mongolian-cavalry-division")).text == (
        "8th Mongolian Cavalry Division"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [("storm groups for the capes", True), ("51st and 52nd Guard Units", True),
     ("1st Guards Rifle Corps", False), ("posts on Takeda beach", True), ("5th Army", False),
     ("garrison of the Tungning works", False), ("59th Rifle Corps (riflemen on lorries)", False)],
)  # fmt: skip
def test_plurals(name: str, expected: bool) -> None:
    assert is_plural(name) is expected
