"""What verification finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is not as the record says, at the event `position` of `stream`, where there is one."""

    stream: str
    position: int | None
    what: str

    def __str__(self) -> str:
        where = self.stream if self.position is None else f"{self.stream}, event {self.position}"
        return f"{where}: {self.what}"
