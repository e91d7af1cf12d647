"""How pledges hang together: what is part of what, and what follows what."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pledges.models import Case, Pledge

LINKS = ("parent", "follows")


def check_links(pledge: Pledge) -> None:
    """Raise ValidationError when `pledge` would hang on itself, or a part leave the case of its whole.

    Locks the case, so that two changes at once can't close a circle between them.
    """
    Case.objects.select_for_update().get(pk=pledge.case_id)
    parent = pledge.parent
    if parent and parent.case_id != pledge.case_id:
        raise ValidationError(
            {"parent": _("%s answers another case: a part is of the same case.") % parent.reference}
        )
    if pledge.pk and (part := pledge.parts.exclude(case=pledge.case_id).first()):
        raise ValidationError(
            {"case": _("%s is a part of this pledge and of another case.") % part.reference}
        )
    for name in LINKS:
        start = getattr(pledge, name)
        if pledge.pk and start and pledge.pk in _reached_from(start):
            facts = {"other": start.reference, "this": pledge.reference}
            words = _("A circle: %(other)s already is a part of %(this)s or comes after it.")
            raise ValidationError({name: words % facts})


def _reached_from(start: Pledge) -> set[int]:
    """Return the pledge and all that it is a part of or comes after, directly or not."""
    reached: set[int] = set()
    found = {start.pk}
    while found:
        reached |= found
        rows = Pledge.objects.filter(pk__in=found).values_list(*(f"{name}_id" for name in LINKS))
        found = {key for row in rows for key in row if key is not None} - reached
    return reached
