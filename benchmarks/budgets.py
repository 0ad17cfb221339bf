"""Measure what the program may cost, each figure beside its budget.

Ratios are taken within one run, because machines differ; the best of several tries counts,
because other work on the machine only ever adds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

CAMPAIGN = "manchuria-1945"
BARE_EVENTS = 10_000
"""So many events of SimPy are timed beside a replication: machines differ, their ratio less."""
BUDGET = {"as source": 10_000, "compiled": 5_000}
"""Events of bare SimPy that a replication may cost, by engine."""
SANDTABLE = [sys.executable, "-m", "sandtable"]


def best(work: Callable[[], object], tries: int = 3) -> float:
    """Return the shortest of several times, in seconds."""
    times = []
    for _ in range(tries):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def report(what: str, found: float, budget: float, unit: str, *, at_least: bool = False) -> bool:
    """Print one figure beside its budget and return whether it is kept."""
    kept = found >= budget if at_least else found <= budget
    word = "at least" if at_least else "at most"
    verdict = "ok" if kept else "MISSED"
    print(f"{what:58} {found:8.3g} {unit:6} {word} {budget:g} {unit:6} {verdict}")
    return kept


def replication() -> tuple[float, int]:
    """Return seconds and events of one replication, over fifty in one process."""
    from sandtable import load
    from sandtable.ensemble import Part, Settings, run_parts

    scenario, parts = load(CAMPAIGN).scenario, list[Part]()

    def once() -> None:
        parts.clear()
        run_parts(scenario, Settings(50), on_part=parts.append)

    seconds = best(once) / 50
    return seconds, sum(part.event_count for part in parts) // 50


def bare_simpy(events: int) -> float:
    """Return the seconds that SimPy needs for so many events that do nothing."""
    import simpy

    def once() -> None:
        environment = simpy.Environment()

        def idle() -> object:
            for _ in range(events):
                yield environment.timeout(1.0)

        environment.process(idle())  # type: ignore[arg-type]
        environment.run()

    return best(once, 10)


def shell(*words: str, tries: int = 3) -> float:
    """Return the seconds that a command takes from the shell, start to end, once compiled."""
    compiled = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [*SANDTABLE, *words]
    return best(
        lambda: subprocess.run(command, check=True, capture_output=True, env=compiled), tries
    )


def demo() -> float:
    """Return the seconds that ``make demo`` takes, which runs each campaign 200 times."""
    command = ["make", "-C", str(Path(__file__).parents[1]), "demo"]
    return best(lambda: subprocess.run(command, check=True, capture_output=True), tries=1)


def efficiency(folder: Path, replications: int = 4000) -> float:
    """Return how much of two processes is put to use, results written: t1 / (2 t2)."""

    def run(jobs: int) -> float:
        words = ["run", CAMPAIGN, "-n", str(replications), "--no-figures", "--overwrite", "--quiet"]
        return shell(*words, "--jobs", str(jobs), "--out", str(folder / f"jobs{jobs}"), tries=1)

    # In turn, for the machine's pace changes with the hour.
    alone, together = zip(*[(run(1), run(2)) for _ in range(2)], strict=True)
    return min(alone) / (2 * min(together))


def memory(folder: Path, replications: int) -> float:
    """Return the most memory, in MB, that any process of a run held; it may resume ``folder``."""
    code = (
        "import resource, sys, subprocess; subprocess.run(sys.argv[1:], check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    words = ["run", CAMPAIGN, "-n", str(replications), "--resume", "--quiet"]
    command = [sys.executable, "-c", code, *SANDTABLE, *words, "--out", str(folder)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(printed.splitlines()[-1])


def make_up(folder: Path, replications: int) -> None:
    """Leave in ``folder`` a run interrupted after its last part, its replications made up.

    Each part holds the same few real replications, stretched at random: what is left to do is
    to join, compare and draw, which is where a large run needs its memory.
    """
    import numpy as np

    from sandtable import load
    from sandtable.ensemble import Part, Settings, parts_of, run_parts
    from sandtable.runs import RunFolder

    campaign, settings, real = load(CAMPAIGN), Settings(replications), list[Part]()
    run_parts(campaign.scenario, Settings(settings.part_size), on_part=real.append)
    draws, width = np.random.default_rng(1), real[0].battles.numbers.shape[1]
    with RunFolder(folder, campaign.identity(settings)) as kept:
        for first, count in parts_of(settings):
            stretch = draws.uniform(0.8, 1.25, (count, 1))
            outcomes = real[0].outcomes[:count] * stretch
            timeline = (real[0].timeline[:count] * stretch[:, :, None]).astype(np.float32)
            battles = real[0].battles
            battles = battles._replace(numbers=battles.numbers + first * (np.arange(width) == 0))
            made = {"outcomes": outcomes, "timeline": timeline, "battles": battles}
            kept.write(replace(real[0], first=first, **made))


def engine() -> str:
    """Tell which engine is measured: that of ``make compiled``, or its source."""
    from sandtable.engine import campaign

    return "as source" if str(campaign.__file__).endswith(".py") else "compiled"


def main() -> int:
    """Print every figure; exit 1 if one misses its budget."""
    seconds, events = replication()
    print(f"engine {engine()}")
    print(f"one replication of {CAMPAIGN}: {events} events, {seconds * 1000:.1f} ms")
    worth = seconds / bare_simpy(BARE_EVENTS) * BARE_EVENTS
    kept = [report("one replication, in events of bare SimPy", worth, BUDGET[engine()], "events")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        out = str(folder / "run")
        whole = shell("run", CAMPAIGN, "-n", "200", "--overwrite", "--quiet", "--out", out)
        what = "200 replications, comparison, figures and report"
        kept.append(report(f"{what}, from the shell", whole, 10, "s"))
        kept.append(report("efficiency of two", efficiency(folder), 0.95, "", at_least=True))
        most = memory(folder / "run-of-5000", 5000)
        kept.append(report("memory of 5,000 replications", most, 500, "MB"))
        make_up(folder / "made-up", 100_000)
        most = memory(folder / "made-up", 100_000)
        kept.append(report("memory of 100,000, joined, compared and drawn", most, 500, "MB"))
    kept.append(report("make demo", demo(), 120, "s"))
    kept.append(report("sandtable --help", shell("--help", tries=10), 0.15, "s"))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
