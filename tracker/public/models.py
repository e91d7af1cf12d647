"""What the public pages keep for themselves. All of it can be made again from the record."""

from django.db import models

from pledges.models import Pledge


class SearchEntry(models.Model):
    """The folded words of one published pledge.

    PostgreSQL keeps a vector beside them, SQLite a full-text table (`search/index.py`).
    """

    pledge = models.OneToOneField(Pledge, on_delete=models.CASCADE, primary_key=True, related_name="+")
    # Of the reference, and of the title in every language.
    title_words = models.TextField()
    # Of the quote, and the language that it is in.
    quote_words = models.TextField()
    quote_language = models.CharField(max_length=3)
    translation_words = models.TextField()
    # Of the names of the case and the bodies, in every language.
    subject_words = models.TextField()

    def __str__(self) -> str:
        return f"{self.pledge_id}: {self.title_words}"
