"""The moving picture: what it shows on each day, and how it plays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

import sandtable
from sandtable.campaign import CampaignRun
from sandtable.figures import draw_moving
from sandtable.figures.base_map import frame
from sandtable.figures.campaign_map import framing
from sandtable.figures.moving import GAINED, Course, draw_day
from sandtable.figures.route import routes_of

ROOT = Path(__file__).parents[2]
RUNS = ROOT / "tests" / "inputs" / "runs"


@pytest.fixture(scope="module")
def hill() -> CampaignRun:
    """A tiny run, in some of whose replications the hill never falls."""
    return sandtable.load(RUNS / "hill.toml", register=RUNS / "register").run(12, 1)


@pytest.fixture(scope="module")
def picture(hill: CampaignRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_moving(hill, tmp_path_factory.mktemp("moving") / "hill.gif")


def durations(path: Path) -> list[int]:
    with Image.open(path) as gif:
        found = []
        for number in range(getattr(gif, "n_frames", 1)):
            gif.seek(number)
            found.append(int(gif.info["duration"]))
        return found


def test_a_frame_an_evening_slow_enough_and_not_for_ever(hill: CampaignRun, picture: Path) -> None:
    days = hill.daily["strength/japan/personnel"].shape[1]
    frames = durations(picture)
    assert len(frames) == days
    # Three changes a second would be flashing; what plays for ever can't be read beside.
    assert min(frames) >= 400 and frames[0] > frames[1] < frames[-1]
    with Image.open(picture) as gif:
        assert gif.info["loop"] == 1


@pytest.mark.verify
def test_the_same_run_gives_the_same_bytes(
    hill: CampaignRun, picture: Path, tmp_path: Path
) -> None:
    assert draw_moving(hill, tmp_path / "again.gif").read_bytes() == picture.read_bytes()


def test_the_last_frame_shows_ground_gained_and_the_first_none(picture: Path) -> None:
    wanted = np.array(to_rgb(GAINED)) * 255

    def painted(number: int) -> int:
        with Image.open(picture) as gif:
            gif.seek(number)
            pixels = np.asarray(gif.convert("RGB"), dtype=float)
        # The map, under the legend.
        body = pixels[90:]
        return int((np.abs(body - wanted).max(axis=2) < 12).sum())

    assert painted(0) == 0 < 100 < painted(len(durations(picture)) - 1)


def test_places_are_taken_by_and_by_and_at_the_end_as_often_as_in_the_outcomes(
    hill: CampaignRun,
) -> None:
    course = Course.of(hill)
    days = hill.outcomes["captured/hill"]
    shares = [course.taken_by(day)["hill"] for day in range(len(course.context.moments))]
    assert shares == sorted(shares) and shares[0] == 0.0
    assert shares[-1] == np.isfinite(days).mean()
    first = int(np.ceil(np.nanmin(days)))
    assert shares[first] > 0.0 == shares[first - 1]


def test_the_front_of_a_day_is_the_median(hill: CampaignRun) -> None:
    course = Course.of(hill)
    (route,) = [r for r in routes_of(course.context.resolved) if r.axis.id in course.fronts][:1]
    series = hill.daily[f"front/{route.axis.id}"]
    for day in (0, 1, 2):
        axes = frame(Figure().add_axes((0, 0, 1, 1)), framing(course.context.resolved)[0])
        draw_day(axes, [route], course, day)
        band, before, today = (c.get_segments()[0] for c in axes.collections)  # type: ignore[attr-defined]
        low, middle, high = (route.at(np.quantile(series[:, day], q)) for q in (0.05, 0.5, 0.95))
        assert [tuple(band[0]), tuple(band[-1])] == [pytest.approx(low), pytest.approx(high)]
        assert tuple(today[-1]) == pytest.approx(middle)
        assert tuple(before[-1]) == tuple(today[0])
        last = route.at(np.quantile(series[:, max(day - 1, 0)], 0.5))
        assert tuple(today[0]) == pytest.approx(last)


def test_the_picture_that_ships_is_small_and_whole() -> None:
    shipped = ROOT / "results" / "reference" / "moving.gif"
    assert shipped.stat().st_size < 1_000_000
    # From H-hour to the evening of 2 September.
    assert len(durations(shipped)) == 26
