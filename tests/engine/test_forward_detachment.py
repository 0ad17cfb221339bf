"""Forward detachments of tiny scenarios, event by event, against days reckoned by hand."""

from dataclasses import replace

from engine.builder import (
    AT_ONCE,
    FOOT,
    MOTOR,
    about,
    axis,
    blue,
    laws,
    line,
    order,
    play,
    red,
    scenario,
)
from sandtable.scenario.resolved import ForwardDetachment


def column(*blues, bound=100.0, men=1000.0, names="abc", orders=(), days=10.0):
    """A lorried battalion and a division on foot; legs of 60 km, zones of 9 km."""
    places, legs = line(names)
    formations = [red("ahead", "a", men, type="motor-rifle"), red("main", "a"), *blues]
    forward = ForwardDetachment(("ahead",), bound)
    x = axis("x", "ahead main", names, forward_detachment=forward)
    return scenario(places, legs, formations, [x], orders, days=days)


def without(s):
    return replace(s, mechanisms=s.mechanisms.without("forward-detachment"))


def test_it_runs_ahead_within_its_bound():
    """It is at b when the main body has 20 km to go to b, and at c when that has 20 km to c."""
    s = column(bound=20.0)
    run = play(s)
    assert run.log() == [
        (about(40.0 / FOOT), "captured", "b", "x"),
        (about(100.0 / FOOT), "captured", "c", "x"),
    ]
    assert play(without(s)).log() == [
        (about(60.0 / MOTOR), "captured", "b", "x"),
        (about(120.0 / MOTOR), "captured", "c", "x"),
    ]


def test_within_its_bound_it_goes_as_fast_as_it_can():
    """At c its main body is 95.5 km behind; a bound of 100 km holds nobody back."""
    s = column()
    assert play(s).log() == play(without(s)).log()


def test_it_waits_for_the_main_body_before_what_it_cannot_take():
    """1,000 men before 700 of little worth: without the mechanism the head would attack."""
    s = column(blue("j", "b", 700.0, effectiveness=0.2, depth_km=9.0))
    under = laws(AT_ONCE)
    run = play(s, under)
    assert run.log("waits for the main body", "contact") == [
        (about(51.0 / MOTOR), "waits for the main body", "b", "x"),
        (about(51.0 / FOOT), "contact", "b", "x"),
    ]
    (waits,) = [e for e in run.events if e.kind == "waits for the main body"]
    assert (waits.text, waits.formation) == ("1000 men before 700", "ahead")
    assert play(without(s), under).day("contact", "b") == about(51.0 / MOTOR)


def test_it_takes_what_it_can():
    """1,000 men are twice as many as 500, and not twice as many as 501."""
    for men, day in ((500.0, 51.0 / MOTOR), (501.0, 51.0 / FOOT)):
        s = column(blue("j", "b", men, effectiveness=0.2, depth_km=9.0))
        assert play(s, laws(AT_ONCE)).day("contact", "b") == about(day)


def test_it_goes_on_when_what_it_faces_has_left():
    """The defence leaves on day 1."""
    back = order("back", "withdraw", "j", 1.0, place="c")
    s = column(blue("j", "b", 2000.0, depth_km=9.0), names="abc", orders=[back])
    came = 51.0 / MOTOR
    assert play(s).log("waits for the main body", "captured")[:2] == [
        (about(came), "waits for the main body", "b", "x"),
        (about(1.0 + 9.0 / MOTOR), "captured", "b", "x"),
    ]


def test_it_joins_an_attack_that_others_have_opened():
    s = column(blue("j", "b", 2000.0, depth_km=9.0))
    others = red("others", "a", 9000.0, type="motor-rifle")
    y = axis("y", "others", "ab")
    s = replace(s, formations=(*s.formations, others), axes=(y, *s.axes))
    run = play(s, laws(0.0))
    assert run.log("waits for the main body") == []
    assert [c.id for c in run.world.engagements["b", "attacker"].attackers] == ["y", "x"]


def test_without_a_main_body_it_waits_for_nobody():
    s = column(blue("j", "b", 900.0, effectiveness=0.2, depth_km=9.0), bound=1.0)
    run = play(replace(s, formations=tuple(f for f in s.formations if f.id != "main")))
    assert run.log("waits for the main body") == []
    assert run.day("contact", "b") == about(51.0 / MOTOR)


def test_a_main_body_whose_detachment_is_no_more_is_bound_by_nothing():
    """A formation without men takes no part."""
    s = column(blue("j", "b", 9000.0, effectiveness=0.2, depth_km=9.0), bound=1.0, men=0.0)
    run = play(s)
    assert run.log("waits for the main body") == []
    assert run.day("contact", "b") == about(51.0 / FOOT)
