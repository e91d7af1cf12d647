"""The page on which the API is explained, made from the same schema that programs read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def documentation(request: HttpRequest) -> HttpResponse:
    return render(request, "public/api.html", {})
