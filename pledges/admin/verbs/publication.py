"""Publishing, taking off the public pages, and whose pledge it is."""

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pledges import record
from pledges.admin.inputs import LinesInput, fields_of
from pledges.models import Pledge

from .base import Verb

if TYPE_CHECKING:
    from pledges.admin.pledge import PledgeAdmin


class Publish(Verb):
    name = "publish"
    label = _("Publish")
    done = _("%s is published.")
    hint = _("Check the words, the bodies and the date against the source first.")
    permission = "publish_pledge"

    @classmethod
    def fits(cls, pledge: Pledge) -> bool:
        return not pledge.is_published

    def apply(self, pledge: Pledge, *, actor: User, now: datetime, seen: int) -> None:
        record.publish(pledge=pledge, actor=actor, now=now, seen_position=seen)


class Unpublish(Verb):
    name = "unpublish"
    label = _("Take off the public pages")
    done = _("%s is taken off the public pages.")
    hint = _("The record stays; its address tells readers the day and the reason. Nothing is deleted.")
    permission = "publish_pledge"
    rows = ("reason",)

    @classmethod
    def fits(cls, pledge: Pledge) -> bool:
        return pledge.is_published

    def build_fields(self, admin: "PledgeAdmin", request: HttpRequest) -> dict[str, forms.Field]:
        hint = _("Public: name nobody whom it would put at risk.")
        return {"reason": forms.CharField(label=_("Reason"), widget=LinesInput, help_text=hint)}

    def apply(self, pledge: Pledge, *, actor: User, now: datetime, seen: int) -> None:
        record.unpublish(pledge=pledge, reason=self.cleaned_data["reason"], actor=actor, now=now)


class Assign(Verb):
    name = "assign"
    label = _("Assign")
    done = _("%s is assigned.")
    hint = _("Who hears first when it becomes overdue. Empty: nobody in particular.")
    permission = "change_pledge"
    rows = ("assignee",)

    def build_fields(self, admin: "PledgeAdmin", request: HttpRequest) -> dict[str, forms.Field]:
        return fields_of(Pledge, ("assignee",), admin=admin, request=request)

    def apply(self, pledge: Pledge, *, actor: User, now: datetime, seen: int) -> None:
        record.assign(pledge=pledge, assignee=self.cleaned_data["assignee"], actor=actor, now=now)
