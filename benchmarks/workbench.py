"""Set our processes beside EMA Workbench's over the same model function, if it is installed.

The model function is one replication of a campaign by its number. Both run it as often, on one
process and on two, results in memory. Install the other with ``pip install ema_workbench``.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
import time
from collections.abc import Callable
from functools import lru_cache

CAMPAIGN = "khalkhin-gol-1939"
OUTCOME = "losses/japan/personnel/total"
REPLICATIONS = 2000
JOBS = 2


@lru_cache(maxsize=1)
def _prepared() -> tuple[object, int]:
    """What a process needs once: the work at hand, and the place of the outcome."""
    from sandtable import load
    from sandtable.ensemble import Settings, columns
    from sandtable.ensemble.replications import payload_of, work_of

    scenario = load(CAMPAIGN).scenario
    return work_of(payload_of(scenario, Settings())), columns(scenario)[0].index(OUTCOME)


def model(replication: int = 0) -> dict[str, float]:
    """Run one replication and return an outcome."""
    work, place = _prepared()
    inputs, laws = work.inputs(replication, 1)  # type: ignore[attr-defined]
    run = work.run(replication, inputs[0], laws[0])  # type: ignore[attr-defined]
    return {"losses": run.outcomes[place]}


def work(numbers: range) -> list[float]:
    """Run the model function for each number, as a task of ours."""
    return [model(number)["losses"] for number in numbers]


def seconds(what: Callable[[], object]) -> float:
    """Return how long it takes."""
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def ours(jobs: int) -> float:
    """Return the seconds that our executors need."""
    from sandtable.ensemble.executors import map_unordered, workers

    tasks = [(range(i, i + 25),) for i in range(0, REPLICATIONS, 25)]

    def run() -> None:
        with workers(jobs) as (executor, ahead):
            done = map_unordered(executor, ahead, work, tasks)
            assert sum(map(len, done)) == REPLICATIONS

    return seconds(run)


def theirs(jobs: int) -> float:
    """Return the seconds that EMA Workbench needs."""
    import ema_workbench as ema

    logging.getLogger(ema.util.ema_logging.LOGGER_NAME).setLevel(logging.ERROR)
    problem = ema.Model("campaign", function=model)
    problem.uncertainties = [ema.IntegerParameter("replication", 0, REPLICATIONS - 1)]
    problem.outcomes = [ema.ScalarOutcome("losses")]

    def run() -> None:
        kind = ema.SequentialEvaluator if jobs == 1 else ema.MultiprocessingEvaluator
        options = {} if jobs == 1 else {"n_processes": jobs}
        with kind(problem, **options) as evaluator:
            evaluator.perform_experiments(scenarios=REPLICATIONS)

    return seconds(run)


def main() -> int:
    """Print the times, what of the processes is put to use, and the ratio of the two."""
    if importlib.util.find_spec("ema_workbench") is None:
        print("EMA Workbench is not installed: pip install ema_workbench")
        return 0
    os.environ["TQDM_DISABLE"] = "1"
    found = {}
    for name, timed in (("sandtable", ours), ("EMA Workbench", theirs)):
        one, more = timed(1), timed(JOBS)
        found[name] = more
        used = one / (JOBS * more)
        print(f"{name:14} 1 process {one:6.2f} s, {JOBS} processes {more:6.2f} s, used {used:.2f}")
    ratio = found["EMA Workbench"] / found["sandtable"]
    print(f"{REPLICATIONS} runs on {JOBS} processes: EMA Workbench takes {ratio:.2f} times as long")
    return 0


if __name__ == "__main__":
    sys.exit(main())
