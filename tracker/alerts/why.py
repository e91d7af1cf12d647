"""Why a reader of the staff gets a mail, and where they change that."""

from django.urls import reverse
from django.utils.translation import gettext as _

from pledges.models import Pledge

from .context import absolute
from .models import Alert, AlertKind, Team


def why(alert: Alert, pledge: Pledge | None = None) -> dict[str, str]:
    """Return for the foot of a mail to staff why it was sent, and the page on which that is changed."""
    if alert.user_id is None:
        words = _(
            "You get this mail because this address is on the staff list of the tracker. Whoever runs the"
            " tracker can take it off that list."
        )
        return {"why": words}
    return {
        "why": _why(alert, pledge),
        "settings_url": absolute(reverse("admin:alerts_staffreader_mine")),
    }


def _why(alert: Alert, pledge: Pledge | None) -> str:
    if pledge is None:
        return _(
            "You get this mail because these pledges are assigned to you or your team, or were when it"
            " happened."
        )
    if pledge.assignee_id == alert.user_id:
        return _("You get this mail because this pledge is assigned to you.")
    team = Team.objects.filter(members__user=pledge.assignee_id).first() if pledge.assignee_id else None
    if team is not None and alert.user_id in (team.lead_id, team.director_id):
        words = _(
            "You get this mail because the team “%(team)s”, which you answer for, works on this pledge."
        )
        return words % {"team": team}
    if alert.kind == AlertKind.OVERDUE:
        return _("You get this mail because this pledge was assigned to you when it became overdue.")
    return _("You get this mail because this pledge was assigned to you when it happened.")
