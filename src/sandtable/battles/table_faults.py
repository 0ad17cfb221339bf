"""What is wrong with a battle table, in the table's order."""

from collections.abc import Iterable, Sequence

from sandtable.errors import InputError, Problem, nearest

FAULTS_SHOWN = 50


class TableError(InputError):
    """Faults of a battle table in the table's order, and how many more there are."""

    def __init__(self, problems: Sequence[Problem], more: int = 0) -> None:
        super().__init__(problems)
        # Sorted as text, row 10 would come before row 2.
        self.problems = list(problems)
        self.more = more

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems]
        if self.more:
            lines.append(f"{self.problems[0].file}: and {self.more:,} more")
        return "\n".join(lines)


class Faults:
    """What is wrong with one file, in its order."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.more = 0

    def __bool__(self) -> bool:
        return bool(self.problems)

    def add(self, key: str, found: str, allowed: str) -> None:
        """Add a fault; beyond FAULTS_SHOWN it is only counted."""
        if len(self.problems) < FAULTS_SHOWN:
            self.problems.append(Problem(self.file, key, found, allowed))
        else:
            self.more += 1

    def add_cell(self, key: str, cell: str, allowed: str, names: Iterable[str] = ()) -> None:
        """Add a fault of what a cell says; it may be meant as one of `names`."""
        # A million wrong cells are compared with the names no more than they are shown.
        if len(self.problems) < FAULTS_SHOWN:
            shown = repr(cell if len(cell) <= 60 else cell[:60] + "...") if cell else "nothing"
            near = nearest(cell, names)
            self.problems.append(Problem(self.file, key, shown, allowed, near))
        else:
            self.more += 1

    def add_last(self, key: str, found: str, allowed: str) -> None:
        """Add the fault at which the reading ends: shown, however many came before."""
        self.problems.append(Problem(self.file, key, found, f"{allowed}; nothing more was read"))

    def error(self) -> TableError:
        """All of them, to be raised."""
        return TableError(self.problems, self.more)
