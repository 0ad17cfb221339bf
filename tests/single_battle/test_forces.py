"""Forces in words, and what is wrong with them."""

from __future__ import annotations

import pytest

from sandtable import InputError, SandtableError, battle
from sandtable.single_battle import force_of
from shipped import shipped


def test_words_and_mapping_say_the_same() -> None:
    words = force_of("men=12000, tanks=80,quality=0.8,nation=USSR", "ATTACKER")
    mapping = {"men": 12000, "tanks": 80, "quality": 0.8, "nation": "USSR"}
    assert force_of(mapping, "ATTACKER") == words
    drawn = words.central()
    assert (drawn.men, drawn.strength, drawn.side.army) == (12_000, 9_600, "USSR")
    assert words.unknown == ("guns", "antitank-guns")


def test_a_formation_is_all_that_fights_below_it() -> None:
    force = force_of("manchuria-1945:39-army", "ATTACKER")
    drawn = force.central()
    resolved = shipped("manchuria-1945").sampler.central()
    below = [resolved.formations_by_id[id] for id in resolved.combat_below["39-army"]]
    fighting = [f for f in below if f.type not in ("services", "headquarters")]
    assert len(fighting) > 5
    assert [f.id for f in drawn.formations] == [f.id for f in fighting]
    assert drawn.men == pytest.approx(sum(f.personnel for f in fighting))
    # Disputed strengths are drawn as a campaign draws them.
    men = {round(one.men, 3) for one in force.drawn(1, 0, 5)}
    assert len(men) == 5
    assert [one.men for one in force.drawn(1, 3, 2)] == [one.men for one in force.drawn(1, 0, 5)][
        3:
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("men=100,tank=3", "tank: found an unknown word; allowed: one of men, tanks, guns, "
         "antitank-guns, aircraft, quality, nation; did you mean 'tanks'?"),
        ("tanks=3", "men: found nothing; allowed: a number from 1"),
        ("men=0", "men: found '0'; allowed: a number from 1 to 20,000,000"),
        ("men=0.9", "men: found '0.9'; allowed: a number from 1 to"),
        ("men=1e300", "men: found '1e300'; allowed: a number from 1 to 20,000,000"),
        ("men=nan", "men: found 'nan'; allowed: a number from 1 to"),
        ("men=5,guns=-1", "guns: found '-1'; allowed: a number from 0 to 500,000"),
        ("men=5,quality=1.2", "quality: found '1.2'; allowed: a number above 0, at most 1"),
        ("men=5,men=6", "men: found it twice; allowed: it once"),
        ("men", "men: found 'men'; allowed: KEY=VALUE,... such as men=12000,tanks=80, or "
         "SCENARIO:FORMATION"),
        ("men=5,nation=Japon", "did you mean 'Japan'?"),
        ("manchuria-1945:38-army", "manchuria-1945: found '38-army'"),
        ("manchuria-1954:39-army", "did you mean 'manchuria-1945'?"),
    ],
)  # fmt: skip
def test_faults(text: str, said: str) -> None:
    with pytest.raises(InputError) as found:
        force_of(text, "ATTACKER")
    assert said in str(found.value)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"posture": "hastie"}, "--posture: found 'hastie'; allowed: one of hasty, prepared, "
         "fortified, delay; did you mean 'hasty'?"),
        ({"surprise": 4.0}, "--surprise: found 4; allowed: a number from 0 to 3"),
        ({"front_km": 0.0}, "--front: found 0; allowed: a number above 0, below 3000"),
        ({"fronts_km": 1.0}, "did you mean 'front_km'?"),
        ({"replications": 1}, "replications: found 1; allowed: a whole number from 2"),
    ],
)  # fmt: skip
def test_faults_of_the_circumstances(setting: dict[str, object], said: str) -> None:
    with pytest.raises(SandtableError) as found:
        battle("men=5000", "men=5000", **setting)  # type: ignore[arg-type]
    assert said in str(found.value)
