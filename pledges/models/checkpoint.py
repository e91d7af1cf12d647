"""Checkpoints: fingerprints of the whole public record, one a day, each chained to the one before."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.ledger import chain

from .addresses import address_of


class Checkpoint(models.Model):
    """One Merkle root over the heads of all streams that are or were public. Append-only."""

    number = models.PositiveIntegerField(_("number"), unique=True)
    made_at = models.DateTimeField(_("made at"))
    size = models.PositiveIntegerField(_("number of streams"))
    root = models.CharField(_("Merkle root"), max_length=64)
    prev_hash = models.CharField(_("hash of the checkpoint before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64, unique=True)

    class Meta:
        ordering = ("number",)
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")

    def __str__(self) -> str:
        return f"{self.number} · {self.short}"

    def get_absolute_url(self) -> str:
        return address_of("checkpoint", self.number)

    @property
    def body(self) -> dict[str, Any]:
        """What is hashed."""
        return {
            "version": chain.VERSION,
            "number": self.number,
            "made_at": chain.instant(self.made_at),
            "size": self.size,
            "root": self.root,
            "prev_hash": self.prev_hash,
        }

    @property
    def short(self) -> str:
        """The first 16 digits of the hash, short enough to be read out or written down."""
        return " ".join(self.hash[start : start + 4] for start in range(0, 16, 4))


class CheckpointLeaf(models.Model):
    """The head of one stream, as committed from checkpoint `since` on. Append-only.

    A stream has a row for each checkpoint at which its head had moved; once in, it stays in.
    """

    since = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="leaves")
    stream = models.CharField(_("stream"), max_length=120)
    position = models.PositiveIntegerField(_("last event number"))
    head_hash = models.CharField(_("hash of the last event"), max_length=64)

    class Meta:
        ordering = ("since", "stream")
        constraints = [models.UniqueConstraint(fields=["stream", "since"], name="leaf_once_per_checkpoint")]

    def __str__(self) -> str:
        return f"{self.stream} {self.position}"
