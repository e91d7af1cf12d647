from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .worded import Words

if TYPE_CHECKING:
    from .body import Body
    from .case import Case
    from .pledge import Pledge

SUBJECTS = ("pledge", "case", "body")
# How the field of a translation begins that is of an entry in a pledge's log: its number follows.
ENTRY = "entry-"


class WordingQuerySet(models.QuerySet["Wording"]):
    def of(self, subject: "Pledge | Case | Body") -> "WordingQuerySet":
        """The translations of one subject, stale ones too."""
        return self.filter(**{subject._meta.model_name or "": subject})

    def of_entries(self) -> "WordingQuerySet":
        return self.filter(field__startswith=ENTRY)

    def stale(self) -> "WordingQuerySet":
        """Those of a subject's own fields that translate words which no longer stand.

        Somebody must renew or confirm them. Those of entries: `pledges.wordings.stale_entries`.
        """
        moved = Q(pk__in=[])
        for name in SUBJECTS:
            subject: Any = self.model._meta.get_field(name).related_model
            for field in subject.worded:
                is_this = Q(**{f"{name}__isnull": False, "field": field})
                moved |= is_this & ~Q(original=F(f"{name}__{field}"))
        return self.exclude(text="").filter(moved)


class Wording(models.Model):
    """One text of a pledge, case or body, or of an entry in a pledge's log, in another language.

    An empty one was taken back. It keeps the words that it translates: once those are corrected it is stale,
    and shown to nobody until somebody renews or confirms it.
    """

    pledge = models.ForeignKey(
        "pledges.Pledge", on_delete=models.PROTECT, null=True, blank=True, related_name="wordings"
    )
    case = models.ForeignKey(
        "pledges.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="wordings"
    )
    body = models.ForeignKey(
        "pledges.Body", on_delete=models.PROTECT, null=True, blank=True, related_name="wordings"
    )
    field = models.CharField(_("what is translated"), max_length=12)
    language = models.CharField(_("language"), max_length=3)
    text = models.TextField(_("translation"), blank=True)
    original = models.TextField(_("the words that it translates"))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = WordingQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        default_permissions = ()
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [
            models.CheckConstraint(
                name="wording_of_one_subject",
                condition=Q(pledge__isnull=False, case__isnull=True, body__isnull=True)
                | Q(pledge__isnull=True, case__isnull=False, body__isnull=True)
                | Q(pledge__isnull=True, case__isnull=True, body__isnull=False),
            ),
            *(
                models.UniqueConstraint(
                    fields=[subject, "field", "language"],
                    condition=Q(**{f"{subject}__isnull": False}),
                    name=f"wording_once_per_{subject}",
                )
                for subject in SUBJECTS
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} ({self.language})"

    @property
    def subject(self) -> "Pledge | Case | Body":
        """What is translated; select_related("pledge", "case", "body") spares a query."""
        subject = self.pledge or self.case or self.body
        if subject is None:
            raise ValueError(f"translation {self.pk} is of nothing")
        return subject

    def stands_for(self, original: str) -> bool:
        """Whether it translates these words, and was not taken back."""
        return bool(self.text) and self.original == original

    def words(self, original_language: str) -> Words:
        return Words(self.text, self.language, self.original, original_language)
