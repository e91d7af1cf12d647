"""How staff are told: everybody's own page, the teams, and the follow-up ladders."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.admin.base import actor_of
from pledges.punctuation import listed
from tracker.alerts.models import Ladder, Rung, StaffReader, Team

if TYPE_CHECKING:
    StaffReaderAdminBase = admin.ModelAdmin[StaffReader]
    TeamAdminBase = admin.ModelAdmin[Team]
    LadderAdminBase = admin.ModelAdmin[Ladder]
    RungInlineBase = admin.TabularInline[Rung, Ladder]
    RungFormSetBase = BaseInlineFormSet[Rung, Ladder, forms.ModelForm[Rung]]
    OwnFormBase = forms.ModelForm[StaffReader]
else:
    StaffReaderAdminBase = TeamAdminBase = LadderAdminBase = admin.ModelAdmin
    RungInlineBase = admin.TabularInline
    RungFormSetBase = BaseInlineFormSet
    OwnFormBase = forms.ModelForm

WISHES = ("cadence", "hour", "weekday", "time_zone", "quiet_country", "language")


class OwnForm(OwnFormBase):
    class Meta:
        model = StaffReader
        fields = WISHES

    def clean_quiet_country(self) -> str:
        return str(self.cleaned_data["quiet_country"]).upper()


@admin.register(StaffReader)
class StaffReaderAdmin(StaffReaderAdminBase):
    """Of everybody, for who administers; one's own at `mine/`, for all staff."""

    list_display = ("user", "team", "cadence", "hour", "time_zone", "quiet_country", "language")
    list_filter = ("cadence", "team")
    list_select_related = ("user", "team")
    autocomplete_fields = ("user",)
    fields = ("user", "team", *WISHES)

    def mine(self, request: HttpRequest) -> HttpResponse:
        """Change how oneself is told. Who never did is told at once, in the language of the site."""
        if not (request.user.is_active and request.user.is_staff):
            raise PermissionDenied
        user = actor_of(request)
        own = StaffReader.objects.filter(user=user).first() or StaffReader(user=user)
        form = OwnForm(request.POST or None, instance=own)
        if form.is_valid():
            form.save()
            messages.success(request, _("From the next mail on you are told so."))
            return HttpResponseRedirect(reverse("admin:alerts_staffreader_mine"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("How I am told"),
            "opts": self.opts,
            "form": form,
            "address": user.email,
            "team": own.team,
        }
        return render(request, "admin/alerts/staffreader/mine.html", context)

    def get_urls(self) -> list[URLPattern]:
        own = path("mine/", self.admin_site.admin_view(self.mine), name="alerts_staffreader_mine")
        return [own, *super().get_urls()]


@admin.register(Team)
class TeamAdmin(TeamAdminBase):
    list_display = ("name", "lead", "director")
    list_select_related = ("lead", "director")
    autocomplete_fields = ("lead", "director")


class RungFormSet(RungFormSetBase):
    """Checks the rungs as a whole, before the database refuses them without words."""

    def clean(self) -> None:
        super().clean()  # it refuses a day that is there twice
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not data or data.get("DELETE") or data.get("days") is None:
                continue
            days = data["days"]
            if not (data["to_assignee"] or data["to_lead"] or data["to_director"]):
                form.add_error("to_assignee", _("Somebody has to be told: tick one of the three."))
            elif days == 0 and not data["to_assignee"]:
                form.add_error(
                    "to_assignee", _("That a pledge became overdue is always told to its assignee.")
                )


class RungInline(RungInlineBase):
    model = Rung
    formset = RungFormSet
    extra = 1


@admin.register(Ladder)
class LadderAdmin(LadderAdminBase):
    list_display = ("__str__", "steps", "repeat_days")
    list_select_related = ("case", "body")
    autocomplete_fields = ("case", "body")
    fields = (("case", "body"), "repeat_days")
    inlines = (RungInline,)

    @admin.display(description=gettext_lazy("rungs"))
    def steps(self, ladder: Ladder) -> str:
        return listed(str(rung) for rung in ladder.rungs.all())

    def get_queryset(self, request: HttpRequest) -> Any:  # noqa: ANN401  (a queryset of ladders)
        return super().get_queryset(request).prefetch_related("rungs")

    def get_readonly_fields(self, request: HttpRequest, obj: Ladder | None = None) -> tuple[str, ...]:
        """What a ladder is for stays; the default is for everything else."""
        return () if obj is None else ("case", "body")

    def has_delete_permission(self, request: HttpRequest, obj: Ladder | None = None) -> bool:
        is_default = obj is not None and obj.case_id is None and obj.body_id is None
        return super().has_delete_permission(request, obj) and not is_default

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None: deleting many at once would ask for the default too."""
        return {}
