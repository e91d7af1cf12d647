from django.db import models

from .alert import Alert, Via


class Receipt(models.Model):
    """The mail server took this message, and its alert does not say so yet.

    Written after each of many messages, and carried over into their alerts together: see `receipts`.
    A row of its own because a change of an alert costs three times as much: all checks and indexes of
    the alert take part in it, and none of them here.
    """

    # Without a check by the database, which would lock the alert: only an alert that is there gets one.
    alert = models.OneToOneField(
        Alert, on_delete=models.CASCADE, primary_key=True, db_constraint=False, related_name="receipt"
    )
    sent_at = models.DateTimeField()
    message_id = models.CharField(max_length=320)
    via = models.CharField(max_length=5, choices=Via.choices)

    def __str__(self) -> str:
        return f"alert {self.pk}"
