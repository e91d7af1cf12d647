"""What is compressed is so by one rule, wherever it is read; nobody's wish spoils the page of another."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from tests.public.api.conftest import ROOT
from tests.support.founding import founding_case
from tracker.public.packing import TAKES_GZIP, settle, takes_gzip

# What programs send, and whether it asks for gzip.
WISHES = {
    "gzip": True,
    "gzip, deflate, br": True,
    "br;q=1.0, gzip;q=0.8": True,
    "br,GZip ; Q=0.001 ,zstd": True,
    "gzip;q=1": True,
    "gzip;q=1.000": True,
    "gzip;q=0": False,
    "gzip;q=0.000": False,
    "br, gzip; q=0.0, identity": False,
    "gzip;q=": False,
    "gzip;q=x": False,
    "gzip;level=9": False,
    "br": False,
    "*": False,
    "identity": False,
    "xgzip": False,
    "x-gzip": False,
    "x-gzipped": False,
    "gzip-x": False,
    "gzip x": False,
    ", ,": False,
}


@pytest.mark.parametrize(("wish", "expected"), [*WISHES.items(), ("", False)])
def test_the_rule(wish: str, expected: bool) -> None:
    request = RequestFactory().get("/", headers={"accept-encoding": wish})
    assert takes_gzip(request) is expected
    settle(request)
    assert takes_gzip(request) is expected
    assert request.headers["Accept-Encoding"] == ("gzip" if expected else "")


def test_the_proxy_has_the_same_rule() -> None:
    example = (Path(settings.BASE_DIR) / "docs" / "nginx.conf").read_text()
    assert re.findall(r'"~\*(.*)" "gzip";', example) == [TAKES_GZIP]


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("kept_in_redis", "at_noon")
@pytest.mark.parametrize("wish", ["xgzip", "gzip;q=0", "gzip"])
def test_the_first_reader_spoils_no_page_of_the_others(client: Client, wish: str) -> None:
    founding_case()
    for sent in (wish, *WISHES):
        answer: Any = client.get("/", headers={"accept-encoding": sent})
        packed = answer.get("Content-Encoding") == "gzip"
        assert packed is WISHES[sent], sent
        assert b"</html>" in (gzip.decompress(answer.content) if packed else answer.content)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/follow/", f"{ROOT}/cases", "/sitemap.xml"])
def test_a_refusal_is_heard_everywhere(client: Client, address: str) -> None:
    founding_case()
    for wish, expected in (("gzip", True), ("gzip;q=0", False)):
        answer = client.get(address, headers={"accept-encoding": wish})
        assert ("Content-Encoding" in answer) is expected
        assert "Accept-Encoding" in answer["Vary"]
