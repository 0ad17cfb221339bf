"""What a manifest tells of a run."""

from __future__ import annotations

from typing import Any

from sandtable.runs import changes_told, title_told


def test_what_a_run_changed_is_told_beside_its_title() -> None:
    plain: dict[str, Any] = {
        "title": "A hill", "variant": None, "overrides": [], "without": [],
        "digests": {"overlay": None},
    }  # fmt: skip
    assert (changes_told(plain), title_told(plain)) == ("", "A hill")
    changed = {
        **plain, "variant": "late", "overrides": ["scenario.attrition=square"],
        "without": ["air", "fuel"], "digests": {"overlay": "ab"},
    }  # fmt: skip
    assert title_told(changed) == (
        "A hill, variant late, scenario.attrition=square, changes of an overlay, "
        "without air, without fuel"
    )
