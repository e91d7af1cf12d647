"""Readers of the public who asked for mail, without an account.

The address stands in one place, `Subscriber.address`. Nothing here is authorised but by a link that was
mailed to it.
"""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .staff import Cadence

CADENCES = [(c.value, c.label) for c in (Cadence.AT_ONCE, Cadence.DAILY, Cadence.WEEKLY)]


def new_secret() -> str:
    """Return 12 random characters: what the links of one subscriber are signed with besides the key."""
    return secrets.token_urlsafe(9)


class Reach(models.IntegerChoices):
    """How much one subscription covers; of several that match, the narrowest is named in the mail."""

    PLEDGE = 1, _("One pledge")
    CASE = 2, _("A case")
    BODY = 3, _("A body")
    ACTION = 4, _("A kind of action")
    ALL = 5, _("Everything")


class Topics(models.Model):
    """What somebody wants to hear of: one of them at least."""

    wants_overdue = models.BooleanField(_("a pledge is overdue"), default=True)
    wants_moved = models.BooleanField(_("a deadline was moved"), default=True)
    wants_assessed = models.BooleanField(_("a delivery was assessed"), default=True)
    wants_replied = models.BooleanField(_("a body replied"), default=True)
    wants_corrected = models.BooleanField(_("an error in the record was corrected"), default=True)
    cadence = models.CharField(_("how often"), max_length=8, choices=CADENCES, default=Cadence.AT_ONCE)
    # "all", "pledge:12", "case:3", "body:4" or "action:report". Nothing that it names is ever deleted.
    target = models.CharField(_("followed"), max_length=40)
    reach = models.PositiveSmallIntegerField(_("reach"), choices=Reach.choices)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        abstract = True


class Subscriber(models.Model):
    """One address. It gets mail once it was confirmed, until it is suppressed or erased."""

    # Empty once erased.
    address = models.CharField(_("address"), max_length=320, blank=True)
    # A keyed hash of the normalised address, by which it is found again; random once erased, unless the
    # address must never be written to again.
    address_key = models.CharField(max_length=64, unique=True)
    secret = models.CharField(max_length=16, default=new_secret)
    language = models.CharField(_("language"), max_length=3, choices=settings.LANGUAGES)
    created_at = models.DateTimeField(_("created"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    erased_at = models.DateTimeField(_("erased"), null=True)
    # A hard bounce, a complaint, or too many soft bounces: no more mail.
    suppressed_at = models.DateTimeField(_("mail stopped"), null=True)
    suppressed_for = models.CharField(_("why mail was stopped"), max_length=200, blank=True, default="")
    # At most one a day counts; after a long time without any the next is the first again.
    soft_bounced_at = models.DateTimeField(_("last soft bounce that counted"), null=True)
    soft_bounces = models.PositiveSmallIntegerField(_("soft bounces in a row"), default=0)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        constraints = [
            models.CheckConstraint(
                name="subscriber_has_address_until_erased",
                condition=Q(erased_at__isnull=True) & ~Q(address="") | Q(erased_at__isnull=False, address=""),
            ),
        ]

    def __str__(self) -> str:
        return f"subscriber {self.pk}"


class Subscription(Topics):
    """A confirmed wish of one subscriber to be told of something."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="subscriptions")
    confirmed_at = models.DateTimeField(_("confirmed"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["target", "subscriber"], name="subscription_once_per_target"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber}: {self.target}"


class FollowRequest(Topics):
    """What the form was filled in with, until the link in the mail is confirmed or seven days are over."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="requests")
    # Confirming sets it; until then an older choice of the subscriber stands.
    language = models.CharField(_("language"), max_length=3, choices=settings.LANGUAGES)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("request to follow")
        verbose_name_plural = _("requests to follow")

    def __str__(self) -> str:
        return f"{self.subscriber}: {self.target}, not confirmed"
