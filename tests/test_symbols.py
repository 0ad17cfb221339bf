"""Symbols of formations, held against what an independent library draws for their codes."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from itertools import combinations, product
from typing import get_args
from xml.etree import ElementTree

import pytest

from sandtable.symbols import destroyed, read_sidc, sidc, symbol_svg
from sandtable.vocabulary import Coalition, Echelon, FormationType

TYPES: tuple[FormationType, ...] = get_args(FormationType)
ECHELONS: tuple[Echelon, ...] = get_args(Echelon)
COALITIONS: tuple[Coalition, ...] = get_args(Coalition)

# Table A-I and those after it of MIL-STD-2525D: entity, first and second modifier.
STANDARD = {
    "headquarters": ("Command and Control", "", ""),
    "rifle": ("Infantry", "", ""),
    "motor-rifle": ("Infantry, Motorized", "", ""),
    "tank": ("Armor/Armored/Mechanized/Self-Propelled/Tracked", "", ""),
    "mechanised": ("Infantry, Armored/Mechanized/Tracked", "", ""),
    "cavalry": ("Reconnaissance/Cavalry/Scout", "", "Pack Animal"),
    "armoured-car": ("Armor/Armored/Mechanized/Self-Propelled/Tracked", "", "Wheeled"),
    "garrison": ("Infantry", "Security", ""),
    "border": ("Infantry", "Border", ""),
    "airborne": ("Infantry", "", "Airborne"),
    "naval-infantry": ("Infantry, Amphibious", "", ""),
    "artillery": ("Field Artillery", "", ""),
    "puppet": ("Infantry", "Multinational", ""),
    "services": ("Combat Service Support", "", ""),
}
ENTITY = {
    "110000": "Command and Control",
    "120500": "Armor/Armored/Mechanized/Self-Propelled/Tracked",
    "121100": "Infantry",
    "121101": "Infantry, Amphibious",
    "121102": "Infantry, Armored/Mechanized/Tracked",
    "121104": "Infantry, Motorized",
    "121300": "Reconnaissance/Cavalry/Scout",
    "130300": "Field Artillery",
    "160600": "Combat Service Support",
}
FIRST = {"00": "", "05": "Border", "39": "Multinational", "54": "Security"}
SECOND = {"00": "", "01": "Airborne", "31": "Pack Animal", "51": "Wheeled"}

CROSSES = {"brigade": 1, "division": 2, "corps": 3, "group": 3, "army": 4, "front": 5,
           "area-army": 5, "theatre": 6}  # fmt: skip
BARS = {"battalion": 2, "detachment": 2, "regiment": 3}


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_is_what_the_standard_calls_it(kind: FormationType) -> None:
    code = sidc(kind, "division", "attacker")
    assert (ENTITY[code[10:16]], FIRST[code[16:18]], SECOND[code[18:]]) == STANDARD[kind]


@pytest.mark.parametrize(("kind", "echelon"), list(product(TYPES, ECHELONS)))
def test_every_formation_can_be_drawn(kind: FormationType, echelon: Echelon) -> None:
    for coalition in COALITIONS:
        code = sidc(kind, echelon, coalition)
        assert re.fullmatch(r"100[36]100[0246]\d{12}", code)
        drawn = ElementTree.fromstring(symbol_svg(code))
        assert drawn.tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("echelon", ECHELONS)
def test_an_echelon_has_its_crosses_or_bars(echelon: Echelon) -> None:
    drawn = symbol_svg(sidc("artillery", echelon, "defender"))
    crosses = drawn.count("l25,-25 m0,25 l-25,-25")
    bars = len(re.findall(r'd="M(\d+),40L\1,15"', drawn))
    assert (crosses, bars) == (CROSSES.get(echelon, 0), BARS.get(echelon, 0))


def test_types_look_different_and_coalitions_do() -> None:
    drawn = [symbol_svg(sidc(t, "corps", c)) for t in TYPES for c in COALITIONS]
    assert all(one != other for one, other in combinations(drawn, 2))


def test_codes_of_a_few_formations() -> None:
    assert sidc("rifle", "division", "attacker") == "10061000211211000000"
    assert sidc("headquarters", "army", "defender") == "10031002231100000000"
    assert sidc("headquarters", "group", "defender") == "10031006221100000000"
    assert sidc("cavalry", "regiment", "defender") == "10031000171213000031"
    assert sidc("border", "detachment", "attacker") == "10061004161211000500"


def test_headquarters_have_a_staff_and_groupings_a_bracket() -> None:
    staff, bracket = "M25,150 L25,250", "M45,50 L45,10 155,10 155,50"
    for kind, echelon in product(TYPES, ("army", "group")):
        drawn = symbol_svg(sidc(kind, echelon, "defender"))
        assert (staff in drawn) == (kind == "headquarters")
        assert (bracket in drawn) == (echelon == "group")


def test_words_in_a_symbol() -> None:
    words = {"garrison": "SEC", "border": "BOR", "puppet": "MN", "services": "CSS"}
    for kind in TYPES:
        drawn = symbol_svg(sidc(kind, "brigade", "attacker"))
        found = re.findall(r">([A-Z0-9]+)</text>", drawn)
        assert found == ([words[kind]] if kind in words else [])


@pytest.mark.parametrize(
    ("code", "digest"),
    [
        ("10061000211211000000", "35b37315611a6aa1"),
        ("10031002231100000000", "055261b0040660d1"),
        ("10031000171213000031", "73e7a44802d566be"),
        ("10061004161211000500", "c8a6209b9b69b4ed"),
    ],
)
def test_a_symbol_is_the_same_bytes(code: str, digest: str) -> None:
    assert hashlib.sha256(symbol_svg(code, size=30).encode()).hexdigest()[:16] == digest


def test_a_frame_is_filled_with_the_side_s_colour() -> None:
    code = sidc("artillery", "division", "attacker")
    plain, filled = symbol_svg(code), symbol_svg(code, fill="#E69F00")
    assert plain.replace('"rgb(255,128,128)"', '"#E69F00"') == filled != plain


def test_a_code_that_nobody_can_draw() -> None:
    with pytest.raises(ValueError, match="10031000219999990000: no symbol"):
        symbol_svg("10031000219999990000")


@pytest.mark.parametrize(("kind", "echelon"), list(product(TYPES, ECHELONS)))
def test_a_code_says_what_it_was_made_of(kind: FormationType, echelon: Echelon) -> None:
    for coalition in COALITIONS:
        code = sidc(kind, echelon, coalition)
        for told in (read_sidc(code), read_sidc(destroyed(code))):
            assert told is not None and told.exact
            shared = ("front", "area-army")
            assert told.echelons == (shared if echelon in shared else (echelon,))
            assert told.type == kind


@pytest.mark.parametrize(
    ("code", "kind", "echelons"),
    [
        ("10031000151211000000", "rifle", ()),  # a company
        ("10031000171303010000", "artillery", ("regiment",)),  # self-propelled
        ("10061000181205010000", "tank", ("brigade",)),  # armoured reconnaissance
        ("10031000161407000000", "services", ("battalion",)),  # engineers
        ("10031000161211054600", "mechanised", ("battalion",)),
        ("10031004211211000000", "rifle", ("division",)),  # a task force of a size it hasn't here
        ("10031002211211000000", "headquarters", ("division",)),
    ],
)
def test_codes_of_others_are_read_as_something_like_it(
    code: str, kind: str, echelons: tuple[str, ...]
) -> None:
    told = read_sidc(code)
    assert told is not None
    assert (told.type, told.echelons) == (kind, echelons)
    assert told.exact == (code[7] == "2")


@pytest.mark.parametrize(
    "code", ["", "SFGPUCI----F---", "10033000001202030000", "1003100021121100000", "١" * 20]
)
def test_what_is_no_code_of_a_land_unit(code: str) -> None:
    assert read_sidc(code) is None


@pytest.mark.processes
def test_the_library_is_loaded_when_a_symbol_is_drawn() -> None:
    code = "import sys, sandtable.symbols; print('milsymbol' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
