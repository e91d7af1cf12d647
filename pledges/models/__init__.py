"""The record: one noun a file."""

from .body import Body
from .case import Case
from .checkpoint import Checkpoint, CheckpointLeaf
from .deadline import Deadline
from .delivery import Assessment, Update
from .event import Event
from .pledge import Pledge, ReferenceCounter
from .proposal import VerdictProposal
from .source import Source
from .wording import Wording

__all__ = [
    "Assessment",
    "Body",
    "Case",
    "Checkpoint",
    "CheckpointLeaf",
    "Deadline",
    "Event",
    "Pledge",
    "ReferenceCounter",
    "Source",
    "Update",
    "VerdictProposal",
    "Wording",
]
