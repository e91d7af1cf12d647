"""Addresses of the data. They stand in programs of others: they stay."""

from django.urls import path
from django.views.decorators.http import require_safe

from tracker.public.keeping import View, for_any_site, kept, read_only

from . import views


def file(view: View) -> View:
    """Answer GET and HEAD alone with a file, which is packed already where it can be."""
    return kept(require_safe(for_any_site(view)))


urlpatterns = [
    path("", read_only(views.data), name="data"),
    path("dictionary.json", read_only(for_any_site(views.dictionary_file)), name="data_dictionary"),
    path("datapackage.json", read_only(for_any_site(views.package_file)), name="data_package"),
    path("record.xlsx", file(views.record), name="data_record"),
    path("<slug:name>.csv", file(views.csv), name="data_csv"),
    path("<slug:name>.jsonl", file(views.jsonl), name="data_jsonl"),
    path("<slug:name>.xlsx", file(views.xlsx), name="data_xlsx"),
]
