"""The checkpoints: what a reader can write down today to catch a rewriting tomorrow."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from pledges.ledger.chain import canonical
from pledges.models import Checkpoint

from .keyset import Order, instant, number
from .listing import read_page

LATEST = Order(first="made_at", second="number", read=instant, read_second=number, descending=True)


def checkpoints(request: HttpRequest) -> HttpResponse:
    page, problems = read_page(request, Checkpoint.objects.all(), LATEST)
    return render(
        request, "public/checkpoints.html", {"page": page, "problems": problems, "page_address": "?"}
    )


def checkpoint(request: HttpRequest, number: int) -> HttpResponse:
    found = get_object_or_404(Checkpoint, number=number)
    return render(request, "public/checkpoint.html", {"found": found})


def checkpoint_file(request: HttpRequest, number: int) -> HttpResponse:
    """The checkpoint as `verify_dump.py --against` reads it."""
    found = get_object_or_404(Checkpoint, number=number)
    answer = HttpResponse(
        canonical(found.body | {"hash": found.hash}) + b"\n", content_type="application/json"
    )
    answer["Content-Disposition"] = f'attachment; filename="checkpoint-{found.number}.json"'
    return answer
