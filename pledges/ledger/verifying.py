"""Verifying the whole record: chains, rows and checkpoints."""

from dataclasses import dataclass, field
from itertools import chain as one_after_the_other

from pledges.models import Checkpoint, Event

from .agreement import verify_rows
from .chains import verify_chains
from .checkpoints import verify_checkpoints
from .faults import Fault


@dataclass(frozen=True)
class Verification:
    """What was looked at, and what was found."""

    events: int
    streams: int
    checkpoints: int
    faults: list[Fault] = field(default_factory=list)


def verify() -> Verification:
    """Verify everything; changes nothing. A stream whose chain is broken is not compared with its rows."""
    faults = list(verify_chains())
    broken = {fault.stream for fault in faults}
    rest = one_after_the_other(verify_rows(broken=broken), verify_checkpoints())
    return Verification(
        events=Event.objects.count(),
        streams=Event.objects.filter(position=1).count(),
        checkpoints=Checkpoint.objects.count(),
        faults=[*faults, *rest],
    )
