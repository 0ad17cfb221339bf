"""Replications that raised: what is kept of them, and how they are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sandtable.errors import SandtableError
from sandtable.memory import exhausted

_TOLD = 10


@dataclass(frozen=True, slots=True)
class Failure:
    """A replication that raised, with the seed that brings it about again, and what it said."""

    replication: int
    seed: int
    error: str


def failure_of(replication: int, seed: int, error: Exception) -> Failure:
    """Return what is kept of a replication that raised.

    Raises the error again where the machine's means ran out, which is no fault of a replication.
    """
    if exhausted(error):
        raise error
    return Failure(replication, seed, f"{type(error).__name__}: {error}")


class ReplicationsFailed(SandtableError):
    """Some replications raised; ``failures`` lists them in order, and the others are done.

    ``kept`` is the folder in which the others wait to be taken up, None if they were not
    written.
    """

    def __init__(
        self, failures: Sequence[Failure], replications: int, kept: Path | None = None
    ) -> None:
        self.failures = tuple(sorted(failures, key=lambda failure: failure.replication))
        self.replications, self.kept = replications, kept
        super().__init__(self.failures, replications, kept)

    def __str__(self) -> str:
        if len(self.failures) == self.replications:
            return self._all_failed()
        count = len(self.failures)
        lines = [f"{count} of {self.replications} replications failed"]
        lines += map(_told, self.failures[:_TOLD])
        if count > _TOLD:
            lines.append(f"  and {count - _TOLD} more")
        if self.kept is not None:
            lines.append(
                f"completed replications are kept in {self.kept}, "
                "failures are listed in its failures.csv"
            )
            lines.append(
                "--resume repeats the failed ones; --resume --keep-failures leaves them out"
            )
        return "\n".join(lines)

    def _all_failed(self) -> str:
        lines = [f"all {self.replications} replications failed; the first failure:"]
        lines.append(_told(self.failures[0]))
        if self.kept is not None:
            lines.append(f"all failures are listed in {self.kept / 'failures.csv'}")
            lines.append("use --resume to repeat them; without any replication there is no result")
        return "\n".join(lines)


def refuse_failures(
    failures: Sequence[Failure], replications: int, kept: Path | None, *, keep: bool
) -> None:
    """Raise ReplicationsFailed if any of ``replications`` failed, or, with ``keep``, if all did."""
    if failures and (not keep or len(failures) == replications):
        raise ReplicationsFailed(failures, replications, kept)


def _told(failure: Failure) -> str:
    said = failure.error.splitlines()[0]
    return f"  replication {failure.replication}, seed {failure.seed}: {said}"
