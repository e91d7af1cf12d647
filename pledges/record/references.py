"""Giving out references: country, year, number. A number is never reused."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pledges.models import Pledge, ReferenceCounter
from pledges.models.pledge import REFERENCE_PATTERN


def _counter(prefix: str) -> ReferenceCounter:
    ReferenceCounter.objects.get_or_create(prefix=prefix)
    return ReferenceCounter.objects.select_for_update().get(prefix=prefix)


def next_reference(country: str, year: int) -> str:
    """Give out the next free reference of a country and year; needs a transaction."""
    counter = _counter(f"{country}-{year}")
    counter.last += 1
    counter.save()
    return str(counter)


def claim_reference(reference: str) -> str:
    """Take a reference that was given out elsewhere, so that it is not given out again."""
    if not re.match(REFERENCE_PATTERN, reference):
        raise ValidationError({"reference": _("Write it like SY-2025-0003.")})
    if Pledge.objects.filter(reference=reference).exists():
        raise ValidationError({"reference": _("%s is taken.") % reference}, code="unique")
    prefix, number = reference.rsplit("-", 1)
    counter = _counter(prefix)
    counter.last = max(counter.last, int(number))
    counter.save()
    return reference
