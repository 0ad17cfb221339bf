"""The list of outcomes: what it accepts, what it refuses, and that it is all there is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sandtable import outcomes
from sandtable.outcomes import (
    ADVANCE,
    CAPTURED,
    FORMS,
    PERSONNEL,
    SERIES,
    TANKS_BY,
    Form,
    Kind,
    Parsed,
    allowed_in_place_of,
    closest,
    headlines,
    is_moment,
    name_pattern,
    nearest_name,
    parse,
)
from sandtable.units import canonical

ROOT = Path(__file__).parents[1]
WORDS = st.text("abz059", min_size=1, max_size=4)
IDS = st.lists(WORDS, min_size=1, max_size=3).map("-".join)


def slots_of(form: Form) -> list[str]:
    return re.findall(r"<(\w+)>", form.pattern)


@st.composite
def named(draw: st.DrawFn) -> tuple[Form, dict[str, str], str]:
    """A form, what stands in its slots, and the name that this makes, put together here."""
    form = draw(st.sampled_from(FORMS + SERIES))
    slots = {}
    for slot in slots_of(form):
        if slot in form.choices:
            slots[slot] = draw(st.sampled_from(sorted(form.choices[slot])))
        else:
            slots[slot] = str(draw(st.integers(1, 400))) if slot == "day" else draw(IDS)
    name = "/".join(
        slots[part[1:-1]] if part[0] == "<" else part for part in form.pattern.split("/")
    )
    return form, slots, name


@settings(deadline=None)
@given(named())
def test_names_are_made_and_taken_apart(case: tuple[Form, dict[str, str], str]) -> None:
    form, slots, name = case
    assert form.name(**slots) == name
    assert parse(name, [form]) == Parsed(form, slots)
    found = parse(name, FORMS if form in FORMS else SERIES)
    # A name of a formation's losses may be a side's just as well, and means the same.
    assert found is not None
    assert (found.form.unit, found.form.kind) == (form.unit, form.kind)
    assert list(found.slots.values()) == list(slots.values())
    assert found.meaning == parse(name, [form]).meaning


@settings(deadline=None)
@given(named(), st.data())
def test_a_name_with_a_part_too_many_or_too_few_or_misspelt_is_refused(
    case: tuple[Form, dict[str, str], str], data: st.DataObject
) -> None:
    form, _, name = case
    parts = name.split("/")
    assert parse(f"{name}/x/y", [form]) is None
    assert parse("/".join(parts[:-1]), [form]) is None
    assert parse(name.upper(), [form]) is None
    fixed = [
        i
        for i, part in enumerate(form.pattern.split("/"))
        if not part.startswith("<") or part.strip("<>") in form.choices
    ]
    at = data.draw(st.sampled_from(fixed))
    parts[at] = parts[at] + data.draw(st.sampled_from("sx-"))
    assert parse("/".join(parts), [form]) is None


@pytest.mark.parametrize("form", FORMS + SERIES, ids=lambda form: form.pattern)
def test_every_form_is_told_of(form: Form) -> None:
    assert canonical(form.unit) == form.unit
    assert (form.unit == "day") == (form.kind in (Kind.MOMENT, Kind.DURATION))
    assert (form.unit == "share") == (form.kind is Kind.SHARE)
    assert (form.unit == "km") == (form.kind is Kind.DISTANCE)
    for text in form.spelled_out:
        name = re.sub("<day>", "3", text).replace("<", "the-").replace(">", "")
        found = parse(name, [form])
        assert found is not None
        assert all(word in found.meaning for slot, word in found.slots.items()
                   if slot not in form.choices)  # fmt: skip
        label = found.label(lambda id: id.upper(), lambda day: f"day {day}")
        assert "{" not in label + found.meaning


def test_no_two_forms_share_a_pattern() -> None:
    for forms in (FORMS, SERIES):
        assert len({form.pattern for form in forms}) == len(forms)
    made = [value for value in vars(outcomes).values() if isinstance(value, Form)]
    assert sorted(map(id, made)) == sorted(map(id, FORMS + SERIES))


@pytest.mark.parametrize(
    ("name", "meaning", "label"),
    [
        ("captured/hailar", "days from H-hour until hailar changes hands; NaN: never",
         "Hailar captured"),
        ("advance/36-army/5", "ground gained along the axis 36-army by the end of day 5",
         "36 Army: gained by 13 Aug"),
        ("losses/army-of-the-rhine/personnel/captured", "persons taken prisoner, army-of-the-rhine",
         "Army Of The Rhine: prisoners"),
        ("losses/x/tanks/by/mines-grenades",
         "share by mines-grenades of the tanks of x put out of action; NaN: none",
         "X: tanks lost to mines and grenades"),
        ("quit/no-supply", "share of defeats by the cause no-supply; NaN: no defeat",
         "Defeats by no supply"),
    ],
)  # fmt: skip
def test_meanings_and_labels(name: str, meaning: str, label: str) -> None:
    found = parse(name)
    assert found is not None
    assert found.meaning == meaning
    called = found.label(lambda id: id.replace("-", " ").title(), lambda day: f"{8 + day} Aug")
    assert called == label


def test_a_name_cannot_be_made_of_what_the_form_does_not_list() -> None:
    with pytest.raises(ValueError, match="'dead' is none of killed, wounded"):
        PERSONNEL.name(side="x", casualty="dead")
    with pytest.raises(KeyError, match="side"):
        TANKS_BY.name(cause="artillery")


def test_moments_are_what_may_never_be() -> None:
    moments = ("captured/x", "encircled/x", "surrendered/x")
    others = ("halted/x/fuel", "quit/order", "advance/x/1", "losses/x/guns", "whatever", "")
    assert all(map(is_moment, moments)) and not any(map(is_moment, others))


def test_headlines_are_losses_of_sides_objectives_and_the_last_day() -> None:
    kinds = ("killed", "wounded", "missing", "captured", "sick", "deserted", "total")
    names = [
        *(f"losses/{who}/personnel/{kind}" for who in ("red-army", "5-army") for kind in kinds),
        "losses/red-army/tanks", "losses/red-army/tanks/disabled", "losses/red-army/guns",
        "losses/red-army/tanks/by/artillery", "captured/here", "captured/there",
        "advance/north/9", "advance/north/10", "battle/here/red-army/tanks", "quit/order",
        "encircled/5-army", "halted/north/fuel", "unheard-of",
    ]  # fmt: skip
    ids = {"side": {"red-army"}, "place": {"here"}, "day": {"10"}}
    assert headlines(names, ids) == [
        "losses/red-army/personnel/killed", "losses/red-army/personnel/captured",
        "losses/red-army/personnel/total", "losses/red-army/tanks", "captured/here",
        "advance/north/10",
    ]  # fmt: skip


def test_what_may_stand_in_place_of_a_wrong_name() -> None:
    allowed = allowed_in_place_of("losses/x/tanks/irrecoverable")
    assert "losses/<side>/tanks (tanks lost for good, <side>)" in allowed
    assert "captured/<place>" not in allowed
    assert allowed_in_place_of("took/mukden") == ", ".join(form.written for form in FORMS)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("losses/x/personel/total", "losses/x/personnel/total"),
        ("losses/x/tanks/disbled", "losses/x/tanks/disabled"),
        ("losses/x/tanks/irrecoverable", "losses/x/tanks"),
        ("losses/X/tanks", "losses/<side>/tanks"),
        ("halted/5-army", "halted/5-army/fuel"),
        ("advance/5-army", "advance/5-army/<day>"),
        ("quit/no-suply", "quit/no-supply"),
        ("captured", "captured/<place>"),
        ("", None),
        ("a/b/c/d/e/f/g", None),
    ],
)
def test_the_nearest_name_keeps_the_ids(name: str, meant: str | None) -> None:
    assert nearest_name(name) == meant


@settings(deadline=None)
@given(named(), st.data())
def test_a_slip_is_set_right(case: tuple[Form, dict[str, str], str], data: st.DataObject) -> None:
    form, _, name = case
    assume(form in FORMS)
    words = [w for w in re.findall(r"(?<![<\w-])[a-z-]{5,}(?![>\w-])", form.pattern) if w in name]
    assume(words)
    word = data.draw(st.sampled_from(words))
    slip = name.replace(word, word[:-1], 1)
    assume(parse(slip) is None)
    meant = nearest_name(slip)
    assert meant is not None
    assert parse(re.sub("<day>", "1", meant).replace("<", "").replace(">", "")) is not None


def test_the_pattern_of_names_is_that_of_the_forms() -> None:
    pattern = re.compile(name_pattern())
    for form in FORMS:
        for text in form.spelled_out:
            name = re.sub("<day>", "3", text).replace("<", "the-").replace(">", "")
            assert pattern.search(name)
            assert not pattern.search(f"{name}/x/y") and not pattern.search(f"x{name}")
    # What other languages' regular expressions know, too.
    assert "?P" not in name_pattern()


def test_the_closest_name_is_of_the_same_kind() -> None:
    names = [CAPTURED.name(place=place) for place in ("mukden", "hailar")]
    names.append(ADVANCE.name(axis="mukden", day=1))
    assert closest("captured/mukdn", names) == "captured/mukden"
    assert closest("quit/mukden", names) is None


def test_importing_the_list_is_light() -> None:
    code = "import sys, sandtable.outcomes, sandtable.calendar; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
