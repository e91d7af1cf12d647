"""The nginx example of the documents, run as it stands: what it keeps, what it never keeps, what it hides."""

import gzip
import http.client
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.conf import settings

from tests.conftest import missing_part
from tests.public.test_packing import WISHES
from tests.support import nginx
from tests.support.founding import founding_case
from tests.support.processes import free_port, web_server

pytestmark = pytest.mark.nginx
FLOOD = 600  # more than the burst of the example, however slow the machine


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def came_from(self) -> str:
        return self.headers.get("x-cache", "")


def ask(port: int, address: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, address, headers={"Host": "localhost", **named})
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, answer.read())
    finally:
        connection.close()


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers that it got, and with the Cache-Control that the address names."""

    def do_GET(self) -> None:
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        if rule := self.path.partition("?")[2]:
            self.send_header("Cache-Control", rule)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@contextmanager
def echo() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def program() -> str:
    found = nginx.find()
    if found is None:
        missing_part("nginx", f"no nginx found. {nginx.HOW_TO_GET}")
    return found


@pytest.fixture
def before_echo(program: str) -> Iterator[int]:
    with echo() as upstream, nginx.nginx(program, upstream=upstream) as port:
        yield port


@pytest.mark.redis
@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_public_page_is_asked_for_once_and_keeps_its_headers(program: str, redis_url: str) -> None:
    case = founding_case()
    page = case.report.get_absolute_url()
    with web_server({"REDIS_URL": redis_url}) as upstream, nginx.nginx(program, upstream=upstream) as port:
        straight = ask(upstream, page)
        first, second = ask(port, page), ask(port, page)
        packed = ask(port, page, Accept_Encoding="br, gzip")
        unchanged = ask(port, page, If_None_Match=first.headers["etag"])
        arabic = ask(port, f"/ar{page}")
        health, staff = [ask(port, "/healthz") for _ in range(2)], ask(port, "/admin/login/")
        lost = [ask(port, "/no-such-page/") for _ in range(2)]
        ask(port, f"{page}?one")
        other = ask(port, f"{page}?two")
    assert (straight.status, first.status, first.came_from, second.came_from) == (200, 200, "MISS", "HIT")
    assert first.body == second.body == straight.body
    for name in ("content-security-policy", "referrer-policy", "permissions-policy", "cache-control", "etag"):
        assert second.headers[name] == straight.headers[name], name
    assert "set-cookie" not in second.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert len(gzip.decompress(packed.body)) == len(first.body)
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert (b'<html lang="ar"' in arabic.body, b'<html lang="ar"' in second.body) == (True, False)
    assert [each.came_from for each in (*health, *lost)] == ["MISS"] * 4
    assert [each.status for each in lost] == [404, 404]
    assert (staff.status, staff.came_from) == (200, "")
    assert "set-cookie" in staff.headers
    assert other.came_from == "MISS"


@pytest.mark.redis
@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_file_of_the_data_comes_whole_packed_and_plain(program: str, redis_url: str) -> None:
    founding_case()
    with web_server({"REDIS_URL": redis_url}) as upstream, nginx.nginx(program, upstream=upstream) as port:
        for address in ("/data/pledges.csv", "/ar/data/events.jsonl"):
            plain, packed = ask(port, address), ask(port, address, Accept_Encoding="gzip")
            again = ask(port, address)
            assert (plain.status, packed.headers["content-encoding"]) == (200, "gzip")
            assert gzip.decompress(packed.body) == plain.body == again.body != b""
            assert (plain.came_from, packed.came_from, again.came_from) == ("MISS", "MISS", "HIT")
        book = ask(port, "/data/record.xlsx", Accept_Encoding="gzip")
        assert (book.body[:2], "content-encoding" in book.headers) == (b"PK", False)


def test_the_proxy_waits_for_a_file_that_is_made() -> None:
    inside = nginx.EXAMPLE.read_text().partition("location ~ ^/([a-z][a-z]/)?data/ {")[2].partition("}")[0]
    assert "proxy_read_timeout 600s;" in inside


def test_what_is_kept_ends_when_the_tracker_says(before_echo: int) -> None:
    first = ask(before_echo, "/a?public,max-age=1", Once="first")
    kept = ask(before_echo, "/a?public,max-age=1", Once="second")
    assert (first.came_from, kept.came_from) == ("MISS", "HIT")
    assert json.loads(kept.body)["once"] == "first"
    time.sleep(2.1)  # its clock has whole seconds
    later = ask(before_echo, "/a?public,max-age=1", Once="third")
    assert (later.came_from, json.loads(later.body)["once"]) == ("EXPIRED", "third")
    # Its file was open: what replaced it is given at once.
    again = ask(before_echo, "/a?public,max-age=1", Once="fourth")
    assert (again.came_from, json.loads(again.body)["once"]) == ("HIT", "third")


@pytest.mark.parametrize("rule", ["no-store", "private", "public,max-age=0", ""])
def test_nothing_else_is_kept(before_echo: int, rule: str) -> None:
    asked = [ask(before_echo, f"/a?{rule}", Once=str(number)) for number in range(2)]
    assert [json.loads(each.body)["once"] for each in asked] == ["0", "1"]


def test_nothing_of_staff_and_nothing_that_was_sent_is_kept(before_echo: int) -> None:
    for method, address in (("GET", "/admin/?public,max-age=60"), ("POST", "/a?public,max-age=60")):
        asked = [ask(before_echo, address, method, Once=str(number)) for number in range(2)]
        assert [json.loads(each.body)["once"] for each in asked] == ["0", "1"]


def test_what_a_reader_claims_about_her_address_does_not_pass(before_echo: int) -> None:
    for address in ("/a", "/admin/"):
        got = json.loads(
            ask(before_echo, address, X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https").body
        )
        assert got["x-forwarded-for"] == "127.0.0.1"
        assert got["x-forwarded-proto"] == "http"
        assert got["host"] == "localhost"


def test_wishes_for_an_encoding_are_two(before_echo: int) -> None:
    got = {
        wish: json.loads(ask(before_echo, f"/{n}", Accept_Encoding=wish).body)
        for n, wish in enumerate(WISHES)
    }
    assert {wish: headers.get("accept-encoding") == "gzip" for wish, headers in got.items()} == WISHES
    assert {headers.get("accept-encoding") for headers in got.values()} == {"gzip", None}


def test_an_old_page_is_never_shown_for_a_tracker_that_is_away(program: str) -> None:
    with ExitStack() as stack:
        upstream = stack.enter_context(echo())
        with nginx.nginx(program, upstream=upstream) as port:
            assert ask(port, "/a?public,max-age=1").status == 200
            stack.close()
            time.sleep(2.1)
            assert ask(port, "/a?public,max-age=1").status == 502


def test_a_flood_from_one_network_is_slowed_down(before_echo: int) -> None:
    statuses = [ask(before_echo, "/a?public,max-age=60").status for _ in range(FLOOD)]
    assert statuses[:100] == [200] * 100
    assert 429 in statuses


@pytest.mark.parametrize("host", ["foreign.example", "203.0.113.9", "pledges.example.org.foreign.example"])
def test_a_foreign_name_gets_no_answer(program: str, host: str) -> None:
    plain = free_port()
    with echo() as upstream, nginx.nginx(program, upstream=upstream, plain=plain) as port:
        for each in (port, plain):
            with pytest.raises(http.client.RemoteDisconnected):
                ask(each, "/a", Host=host)
        led = ask(plain, "/a?b", Host=nginx.NAME)
    assert (led.status, led.headers["location"]) == (301, f"https://{nginx.NAME}/a?b")


def logged(port: int) -> str:
    folder = Path(settings.VAR_DIR) / f"nginx-{port}"
    return "".join(path.read_text() for path in folder.glob("*.log"))


def test_no_file_of_nginx_names_a_reader(program: str) -> None:
    """Not what was read, not what was refused, not even that nothing could be kept."""
    with echo() as upstream, nginx.nginx(program, upstream=upstream) as port:
        cache = Path(settings.VAR_DIR) / f"nginx-{port}" / "cache"
        shutil.rmtree(cache)
        cache.write_text("No folder: nothing can be kept.")
        for _each in range(FLOOD):
            with suppress(http.client.RemoteDisconnected):
                ask(port, "/read-by-her?public,max-age=60")
        ask(port, "/admin/")
    assert logged(port) == ""


def test_control_a_log_that_is_not_switched_off_is_seen(program: str) -> None:
    with echo() as upstream, nginx.nginx(program, upstream=upstream, is_logging=True) as port:
        ask(port, "/read-by-her")
    assert "127.0.0.1" in logged(port)
    assert "/read-by-her" in logged(port)
