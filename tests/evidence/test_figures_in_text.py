import pytest

from sandtable.evidence.figures_in_text import holds_name, holds_number


@pytest.mark.parametrize(
    ("line", "value", "unit"),
    [
        ("1,577,725 troops", 1577725, "person"),
        ("1 577 725 troops", 1577725, "person"),
        ("1\u202f577\u202f725 troops", 1577725, "person"),
        ("| Men | 1,577,725 | 654,040 |", 654040, "person"),
        ("1.5 million men", 1500000, "person"),
        ("one and a half million men", 1500000, "person"),
        ("over one thousand tanks and guns", 1000, "tank"),
        ("for the first eighteen hours", 18, "hour"),
        ("The first sixty-five miles", 65, "mile"),
        ("some 12–28 miles along a 30-mile front", 12, "mile"),
        ("some 12–28 miles along a 30-mile front", 28, "mile"),
        ("some 12–28 miles along a 30-mile front", 30, "mile"),
        ("between 50 and 100 km", 50, "km"),
        ("(2.5 mi)", 2.5, "mile"),
        ("70 km a day", 70, "km/day"),
        ("75–80% were destroyed", 75, "percent"),
        ("35 percent or less", 35, "percent"),
        ("35 per cent or less", 35, "percent"),
        ("~80 tanks", 80, "tank"),
        ("300+ tanks", 300, "tank"),
        ("by the fifth day of the invasion", 5, "day"),
        ("By day eight they had", 8, "day"),
        ("Two weeks later", 14, "day"),
        ("the 38th parallel", 38, "degree"),
        ("about one-third of its strength", 0.333, "share"),
        ("6 out of 10 of the divisions", 0.6, "share"),
        ("outnumbered by 5 to 1", 5, "ratio"),
        ("fifty tanks.[34] The", 50, "tank"),
    ],
)
def test_printed(line: str, value: float, unit: str) -> None:
    assert holds_number(line, value, unit)


@pytest.mark.parametrize(
    ("line", "value", "unit"),
    [
        ("1,577,725 troops", 577725, "person"),
        ("1,577,725 troops", 725, "person"),
        ("1.5 million men", 1.5, "person"),
        ("12.5 tons", 5, "tonne"),
        ("on 24 July 30 tanks", 24, "tank"),
        ("at 5 p.m. the tanks", 5, "tank"),
        ("in May 1939", 1939, "person"),
        ("a T-34 tank", 34, "tank"),
        ("the 5th Army", 5, "tank"),
        ("the 5th Army", 5, "day"),
        ("350 km inside", 350, "mile"),
        ("350 tanks and 20 km", 350, "km"),
        ("35 tanks, 20 percent", 35, "percent"),
        ("fifty tanks.[34] The", 34, "tank"),
        ("“in its cradle,”2 was", 2, "tank"),
        ("35 percent", 0.35, "share"),
        ("sixty-five miles", 60, "mile"),
        ("sixty-five miles", 5, "mile"),
        ("two thirds", 0.66, "share"),
        ("nine hundred thousand", 900, "person"),
        ("7,62 rounds", 62, "round"),
        ("two tanks in a day", 14, "day"),
        ("£15m loan", 15, "metre"),
    ],
)
def test_not_printed(line: str, value: float, unit: str) -> None:
    assert not holds_number(line, value, unit)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("the 1st Far Eastern Front under", "1st Far Eastern Front"),
        ("the Trans-Baikal front", "Transbaikal Front"),
        ("Otozō YamadaPOW, Seiichi KitaPOW", "Otozo Yamada"),
        ("the Soviet-Mongolian group", "soviet mongolian group"),
        ("the army's tanks", "Army"),
    ],
)
def test_name(line: str, name: str) -> None:
    assert holds_name(line, name)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("the 35th Army", "5th Army"),
        ("Front of the Far East", "Far East Front"),
        ("Mukdenites", "Mukden"),
        ("Chōkohō", "Cho"),
        ("anything", ""),
        ("anything", "–"),
    ],
)
def test_other_name(line: str, name: str) -> None:
    assert not holds_name(line, name)
