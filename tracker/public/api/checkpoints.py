"""Checkpoints as answers: the same facts as in the file that `verify_dump.py` reads."""

from pledges.models import Checkpoint

from .answer import Address, Answer, Instant, Listing, api_address, site_address


class CheckpointLinks(Answer):
    """Where there is more."""

    page: Address
    """Its page, in the language asked for."""
    file: Address
    """The file that `verify_dump.py --against` reads."""


class CheckpointAnswer(Answer):
    """A fingerprint of the whole public record, chained to the one before."""

    number: int
    """Counted from 1, without gaps."""
    version: int
    """The form of what is hashed."""
    made_at: Instant
    """When it was made."""
    size: int
    """How many streams of events it covers."""
    root: str
    """Merkle root (RFC 6962) over the heads of these streams."""
    prev_hash: str
    """Hash of the checkpoint before; empty for the first one."""
    hash: str
    """SHA-256 over the canonical JSON (RFC 8785) of what stands above."""
    address: Address
    """Where this checkpoint is."""
    links: CheckpointLinks
    """Its page and its file."""

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> "CheckpointAnswer":
        number = checkpoint.number
        return cls(
            **checkpoint.body | {"made_at": checkpoint.made_at},
            hash=checkpoint.hash,
            address=api_address("checkpoint", number),
            links=CheckpointLinks(
                page=site_address("checkpoint", number), file=site_address("checkpoint_file", number)
            ),
        )


class CheckpointList(Listing):
    """Checkpoints, the newest first."""

    items: list[CheckpointAnswer]
    """The checkpoints of this page."""
