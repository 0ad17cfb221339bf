"""What each outcome and each daily series is, and in which unit, told from its name."""

from __future__ import annotations

import re

_COUNTS = {
    "tanks": ("tank", "tanks lost for good"),
    "tanks/disabled": ("tank", "tanks put out of action, part of which return"),
    "armoured-cars": ("armoured-car", "armoured cars lost"),
    "guns": ("gun", "guns lost"),
    "aircraft": ("aircraft", "aircraft lost"),
}
_PERSONNEL = {
    "killed": "killed",
    "wounded": "wounded",
    "missing": "missing",
    "captured": "taken prisoner",
    "sick": "fallen sick",
    "deserted": "deserted",
    "total": "killed, wounded, missing, taken prisoner or fallen sick",
}
_OUTCOMES: list[tuple[str, str, str]] = [
    (r"captured/([^/]+)", "day", "days from H-hour until {} changes hands; NaN: never"),
    (r"advance/([^/]+)/(\d+)", "km", "ground gained along the axis {} by the end of day {}"),
    (
        r"losses/([^/]+)/tanks/by/([^/]+)",
        "share",
        "share by {1} of the tanks of {0} put out of action; NaN: none",
    ),
    (r"battle/([^/]+)/([^/]+)/personnel", "person", "persons lost in action in the battle {}, {}"),
    (r"battle/([^/]+)/([^/]+)/tanks", "tank", "tanks put out of action in the battle {}, {}"),
    (r"encircled/([^/]+)", "day", "days from H-hour until {} is cut off; NaN: never"),
    (r"surrendered/([^/]+)", "day", "days from H-hour until {} gives itself up; NaN: never"),
    (r"halted/([^/]+)/fuel", "day", "days that {} stands halted for want of fuel"),
    (r"quit/([^/]+)", "share", "share of defeats by the cause {}; NaN: no defeat"),
]
_SERIES: list[tuple[str, str, str]] = [
    (r"strength/([^/]+)/personnel", "person", "persons present, {}"),
    (r"strength/([^/]+)/tanks", "tank", "tanks fit for action, {}"),
    (
        r"losses/([^/]+)/personnel",
        "person",
        "persons killed, wounded, missing or taken prisoner so far, {}",
    ),
    (r"losses/([^/]+)/killed", "person", "persons killed so far, {}"),
    (r"losses/([^/]+)/captured", "person", "persons taken prisoner so far, {}"),
    (r"losses/([^/]+)/tanks", "tank", "tanks lost for good so far, {}"),
    (r"front/([^/]+)", "km", "ground gained along the axis {}"),
]


def describe_outcome(name: str) -> tuple[str, str]:
    """Return unit and meaning of an outcome; both empty for a name of no known form."""
    match = re.fullmatch(r"losses/([^/]+)/personnel/([a-z]+)", name)
    if match and match[2] in _PERSONNEL:
        return "person", f"persons {_PERSONNEL[match[2]]}, {match[1]}"
    match = re.fullmatch(r"losses/([^/]+)/([a-z/-]+)", name)
    if match and match[2] in _COUNTS:
        unit, text = _COUNTS[match[2]]
        return unit, f"{text}, {match[1]}"
    return _first_form(_OUTCOMES, name)


def describe_series(name: str) -> tuple[str, str]:
    """Return unit and meaning of a daily series; both empty for a name of no known form."""
    return _first_form(_SERIES, name)


def _first_form(forms: list[tuple[str, str, str]], name: str) -> tuple[str, str]:
    for pattern, unit, text in forms:
        match = re.fullmatch(pattern, name)
        if match:
            return unit, text.format(*match.groups())
    return "", ""
