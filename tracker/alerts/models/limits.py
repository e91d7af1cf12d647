from django.db import models


class Allowance(models.Model):
    """How often something was asked for within one hour: from one network, or for one address.

    `key` is a keyed hash that changes every day: neither addresses nor networks can be read from it.
    """

    key = models.CharField(max_length=64)
    hour = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "hour"], name="allowance_once_per_hour")]

    def __str__(self) -> str:
        return f"{self.used} at {self.hour:%Y-%m-%d %H}:00"
