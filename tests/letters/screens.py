"""The addresses of the screens of letters, and reading them as a person does."""

from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from pledges.models import Pledge
from tracker.letters.models import Letter

LIST = "/admin/letters/letter/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(letter: Letter) -> str:
    return reverse("admin:letters_letter_change", args=[letter.pk])


def do(name: str, letter: Letter) -> str:
    return reverse("admin:letters_letter_do", args=[letter.pk, name])


def sheet(letter: Letter) -> str:
    return reverse("admin:letters_letter_print", args=[letter.pk])


def add(pledge: Pledge, **more: Any) -> str:
    query = "&".join(f"{name}={value}" for name, value in ({"pledge": pledge.pk} | more).items())
    return f"{reverse('admin:letters_letter_add')}?{query}"


def seen(letter: Letter) -> dict[str, Any]:
    return {"seen_version": Letter.objects.get(pk=letter.pk).version}


def text_of(response: Any) -> str:
    return str(response.content.decode())
