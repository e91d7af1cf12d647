"""Addresses of the data. They stand in programs of others: they stay."""

from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.urls import path
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from . import views


def compressed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    return gzip_page(require_safe(view))


# A workbook is compressed already.
urlpatterns = [
    path("", compressed(views.data), name="data"),
    path("dictionary.json", compressed(views.dictionary_file), name="data_dictionary"),
    path("datapackage.json", compressed(views.package_file), name="data_package"),
    path("record.xlsx", require_safe(views.record), name="data_record"),
    path("<slug:name>.csv", compressed(views.csv), name="data_csv"),
    path("<slug:name>.jsonl", compressed(views.jsonl), name="data_jsonl"),
    path("<slug:name>.xlsx", require_safe(views.xlsx), name="data_xlsx"),
]
