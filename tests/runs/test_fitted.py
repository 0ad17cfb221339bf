from __future__ import annotations

from sandtable.runs.fitted import fitted_because, fitted_to, fitted_warning
from sandtable.scenario.quantities import QuantityUse


def use(because: str | None) -> QuantityUse:
    return QuantityUse("a.b.c", "assumed", (), because, 0.0, 1.0, "share")


def test_claims_are_read_from_the_reasons() -> None:
    reasons = ["a guess", None, fitted_because(["x-1", "x-2"]), fitted_because(["x-2", "y"])]
    assert fitted_to([use(because) for because in reasons]) == ["x-1", "x-2", "y"]
    assert fitted_to([use("a guess, not fitted to the record: x")]) == []


def test_a_long_list_fits_a_reason() -> None:
    because = fitted_because([f"claim-number-{n}" for n in range(400)])
    assert len(because) < 2000
    told = fitted_to([use(because)])
    assert told[-1] == f"{400 - len(told) + 1} more"


def test_the_warning_names_the_claims() -> None:
    assert fitted_warning({"fitted_to": []}) is None
    assert fitted_warning({}) is None
    warning = fitted_warning({"fitted_to": ["x", "y"]})
    assert warning is not None and warning.startswith("fitted to the record: x, y;")
