"""The pages of mail without an account. They read the clock once, and no cookie at all."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from tracker.alerts import subscribing, targets, tokens
from tracker.alerts.allowance import Verdict
from tracker.alerts.models import Subscriber, Subscription
from tracker.alerts.tokens import Purpose
from tracker.public.moment import Moment
from tracker.public.network import network_of

from .forms import ChoicesForm, FollowForm, LanguageForm, problems


def follow(request: HttpRequest) -> HttpResponse:
    """The form. What it answers is the same whether or not the address is known."""
    if request.method != "POST":
        what = request.GET.get("what", "")
        form = FollowForm(initial={"what": what, "language": translation.get_language()})
        is_unknown = bool(what) and targets.find(what) is None
        return _form(request, form, HTTPStatus.NOT_FOUND if is_unknown else HTTPStatus.OK)
    form = FollowForm(request.POST)
    if not form.is_valid() or form.target is None:
        return _form(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    verdict = subscribing.ask(
        form.cleaned_data["address"],
        form.target,
        form.choices(),
        language=form.cleaned_data["language"],
        network=network_of(request),
        now=Moment.read().now,
    )
    if verdict is Verdict.TOO_MANY_FROM_NETWORK:
        return _form(request, form, HTTPStatus.TOO_MANY_REQUESTS)
    return HttpResponseRedirect(reverse("public:asked"), status=HTTPStatus.SEE_OTHER)


def _form(request: HttpRequest, form: FollowForm, status: HTTPStatus) -> HttpResponse:
    what = form["what"].value() or ""
    context = {
        "form": form,
        "problems": problems(form),
        "target": targets.find(what),
        "is_unknown": status == HTTPStatus.NOT_FOUND,
        "is_too_much": status == HTTPStatus.TOO_MANY_REQUESTS,
        "broad": [(targets.ALL, targets.everything())] + [(each.target, each) for each in targets.actions()],
        "days": subscribing.UNCONFIRMED_FOR.days,
    }
    return render(request, "public/follow/follow.html", context, status=status)


def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "public/follow/asked.html", {"days": subscribing.UNCONFIRMED_FOR.days})


def confirm(request: HttpRequest, token: str) -> HttpResponse:
    found = tokens.read(Purpose.CONFIRM, token)
    if found is None:
        return _no_such_link(request)
    reader, number = found
    wanted = reader.requests.filter(pk=number or 0).first()
    if wanted is None:
        return _settled(request, reader)
    with translation.override(wanted.language):
        target = targets.describe([wanted.target])[wanted.target]
        if request.method != "POST":
            context = {"target": target, "form": ChoicesForm.of(wanted), "asked": wanted}
            return render(request, "public/follow/confirm.html", context)
        subscribing.confirm(wanted, now=Moment.read().now)
        context = {"target": target, "manage_address": _manage_address(reader)}
        return render(request, "public/follow/confirmed.html", context)


def _settled(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """The request is confirmed already, or was never confirmed in time."""
    with translation.override(reader.language):
        if not reader.subscriptions.exists():
            return render(request, "public/follow/expired.html", status=HTTPStatus.GONE)
        context = {"manage_address": _manage_address(reader)}
        return render(request, "public/follow/confirmed.html", context)


def manage(request: HttpRequest, token: str) -> HttpResponse:
    found = tokens.read(Purpose.MANAGE, token)
    if found is None:
        return _no_such_link(request)
    reader, _about = found
    forms: dict[int, ChoicesForm] = {}
    is_changed = False
    if request.method == "POST":
        if request.POST.get("do") == "forget":
            subscribing.forget(reader, now=Moment.read().now)
            with translation.override(reader.language):
                return render(request, "public/follow/left.html")
        forms, is_changed = _change(request, reader)
        reader.refresh_from_db()
        if reader.erased_at is not None:
            with translation.override(reader.language):
                return render(request, "public/follow/left.html")
    with translation.override(reader.language):
        return _managed(request, reader, forms, is_changed=is_changed)


def _change(request: HttpRequest, reader: Subscriber) -> tuple[dict[int, ChoicesForm], bool]:
    """Do what one of the forms of the page asks for; return the form that was not filled in well, if any."""
    match request.POST.get("do"):
        case "language":
            form = LanguageForm(request.POST)
            if form.is_valid():
                subscribing.set_language(reader, form.cleaned_data["language"])
            return {}, form.is_valid()
        case "change" | "leave" as act:
            number = request.POST.get("wish", "")
            wish = _wish(reader, number)
            if wish is None:
                return {}, False
            if act == "leave":
                subscribing.leave(wish, now=Moment.read().now)
                return {}, True
            choices = ChoicesForm(request.POST, auto_id=f"wish-{wish.pk}-%s")
            if not choices.is_valid():
                return {wish.pk: choices}, False
            subscribing.change(wish, choices.choices())
            return {}, True
    return {}, False


def _wish(reader: Subscriber, number: str) -> Subscription | None:
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    return reader.subscriptions.filter(pk=number).first() if is_number else None


def _managed(
    request: HttpRequest, reader: Subscriber, forms: dict[int, ChoicesForm], *, is_changed: bool
) -> HttpResponse:
    wishes = list(reader.subscriptions.order_by("reach", "pk"))
    described = targets.describe(wish.target for wish in wishes)
    rows: list[dict[str, Any]] = [
        {
            "wish": wish,
            "target": described[wish.target],
            "form": forms.get(wish.pk) or ChoicesForm.of(wish),
        }
        for wish in wishes
    ]
    context = {
        "rows": rows,
        "language_form": LanguageForm(initial={"language": reader.language}),
        "is_changed": is_changed,
        "is_stopped": reader.suppressed_at is not None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if forms else HTTPStatus.OK
    return render(request, "public/follow/manage.html", context, status=status)


def leave(request: HttpRequest, token: str) -> HttpResponse:
    """End all mail: by the button of the page, or by the one click of a mail program (RFC 8058)."""
    found = tokens.read(Purpose.LEAVE, token)
    if found is None:
        return _no_such_link(request)
    reader, _about = found
    with translation.override(reader.language):
        if request.method == "POST":
            subscribing.forget(reader, now=Moment.read().now)
            return render(request, "public/follow/left.html")
        if reader.erased_at is not None:
            return render(request, "public/follow/left.html")
        return render(request, "public/follow/leave.html")


def _manage_address(reader: Subscriber) -> str:
    return reverse("public:manage", args=[tokens.make(Purpose.MANAGE, reader.pk, reader.secret)])


def _no_such_link(request: HttpRequest) -> HttpResponse:
    return render(request, "public/follow/no_link.html", status=HTTPStatus.NOT_FOUND)
