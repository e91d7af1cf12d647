"""Headers that keep readers safe: nothing from elsewhere is loaded, nothing is told to others."""

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

PUBLIC_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# Django's own admin keeps its scripts and styles in files, so it needs no "unsafe-inline" either.
ADMIN_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-get",
        "screen-wake-lock",
        "usb",
        "xr-spatial-tracking",
    )
)


@cache
def _admin_address() -> str:
    return reverse("admin:index")


def is_admin(request: HttpRequest) -> bool:
    """Whether the address is one of the staff's."""
    return request.path.startswith(_admin_address())


class PublicHeaders:
    """Put first in MIDDLEWARE, so that static files and redirects get the headers too.

    A view that sets its own Content-Security-Policy keeps it. The admin keeps the referrer policy
    of the settings, because its CSRF check needs to see its own address.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_staffs = is_admin(request)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", ADMIN_POLICY if is_staffs else PUBLIC_POLICY)
        headers.setdefault("Permissions-Policy", PERMISSIONS)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        if not is_staffs:
            headers["Referrer-Policy"] = "no-referrer"
        return response
