"""Addresses of the data. They stand in programs of others: they stay."""

from django.urls import path
from django.views.decorators.http import require_safe

from tracker.public.keeping import kept, read_only

from . import views

# The files are packed already where they can be.
urlpatterns = [
    path("", read_only(views.data), name="data"),
    path("dictionary.json", read_only(views.dictionary_file), name="data_dictionary"),
    path("datapackage.json", read_only(views.package_file), name="data_package"),
    path("record.xlsx", kept(require_safe(views.record)), name="data_record"),
    path("<slug:name>.csv", kept(require_safe(views.csv)), name="data_csv"),
    path("<slug:name>.jsonl", kept(require_safe(views.jsonl)), name="data_jsonl"),
    path("<slug:name>.xlsx", kept(require_safe(views.xlsx)), name="data_xlsx"),
]
