"""Timing in turns: these machines are noisy, so only ratios within one run mean anything."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

Job = Callable[[], object]


@dataclass(frozen=True)
class Timed:
    """Seconds of each round of one job."""

    seconds: list[float]

    @property
    def middle(self) -> float:
        return median(self.seconds)

    def over(self, other: "Timed") -> str:
        """Return the median of the ratios round by round, with the lowest and highest."""
        ratios = [a / b for a, b in zip(self.seconds, other.seconds, strict=True)]
        return f"{median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"


def in_turns(jobs: dict[str, Job], *, rounds: int, between: Job = lambda: None) -> dict[str, Timed]:
    """Run the jobs A B C, A B C, ... after one warm-up round that is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(rounds + 1):
        for name, job in jobs.items():
            between()
            start = time.perf_counter()
            job()
            if turn:
                seconds[name].append(time.perf_counter() - start)
    return {name: Timed(values) for name, values in seconds.items()}
