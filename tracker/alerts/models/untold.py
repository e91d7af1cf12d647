from django.db import models


class Untold(models.Model):
    """An event of which the readers were not told yet.

    A database trigger writes the row in the transaction that appends the event, whoever appends it;
    the fan-out deletes it in the transaction that queues the alerts. So no event is ever skipped, in
    whatever order transactions commit: there is no "last seen" number.
    """

    event = models.OneToOneField(
        "pledges.Event", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"event {self.pk}"
