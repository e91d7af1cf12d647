"""How a reading fails: raised inside the package, never out of it."""

from .windows import Problem


class UnreadableError(Exception):
    """The phrase does not say one date; `detail` is the part of it that is to blame."""

    def __init__(self, problem: Problem, detail: str = "") -> None:
        super().__init__(f"{problem}: {detail}")
        self.problem = problem
        self.detail = detail


class VagueError(Exception):
    """Even with its event the phrase gives no date."""
