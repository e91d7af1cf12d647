"""The cache asks Redis through one connection for each thread and process, and mends it by itself."""

import os
import threading
from contextlib import suppress
from pathlib import Path
from socket import AF_UNIX, socket
from typing import Any

import pytest
from django.core.cache import cache

from config.cache import OneServerCache
from tracker.silence import NO_ANSWER

pytestmark = [pytest.mark.redis, pytest.mark.usefixtures("kept_in_redis")]


def connection_number() -> int:
    client: Any = cache._cache.get_client()  # type: ignore[attr-defined]  # Django has no public way
    return int(client.client_id())


def in_a_thread() -> int:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(connection_number()))
    thread.start()
    thread.join()
    return found[0]


def in_a_child() -> int:
    """Fork, as gunicorn and Celery do, and return the number of the connection that the child has."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, str(connection_number()).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    with os.fdopen(reader) as pipe:
        os.close(writer)
        return int(pipe.read())


def test_a_thread_keeps_its_connection_for_itself() -> None:
    mine = connection_number()
    assert connection_number() == mine
    assert in_a_thread() != mine
    assert connection_number() == mine


def test_a_child_never_writes_into_the_connection_of_its_parent() -> None:
    cache.set("word", "before", 5)
    mine = connection_number()
    assert in_a_child() != mine
    assert (connection_number(), cache.get("word")) == (mine, "before")


def test_what_a_thread_had_is_given_back_when_it_ends() -> None:
    in_a_thread()
    client: Any = cache._cache.get_client()  # type: ignore[attr-defined]  # as above
    before = len(client.client_list())
    for _each in range(5):
        in_a_thread()
    assert len(client.client_list()) == before


def test_a_connection_that_was_cut_is_made_anew() -> None:
    cache.set("word", "before", 5)
    mine = connection_number()
    client: Any = cache._cache.get_client()  # type: ignore[attr-defined]  # as above

    def cut() -> None:
        cache._cache.get_client().client_kill_filter(_id=mine)  # type: ignore[attr-defined]

    other = threading.Thread(target=cut)
    other.start()
    other.join()
    assert cache.get("word") == "before"
    assert connection_number() != mine
    assert cache._cache.get_client() is client  # type: ignore[attr-defined]


def test_where_there_is_no_redis_each_question_tries_again() -> None:
    nowhere = OneServerCache("unix:///nowhere/redis.sock?db=0", {"OPTIONS": {"socket_connect_timeout": 0.2}})
    for _again in range(2):
        with pytest.raises(NO_ANSWER):
            nowhere.get("word")


def test_one_that_does_not_answer_is_asked_once(tmp_path: Path) -> None:
    """A page is made in less time than to wait twice."""
    asked = []
    with socket(AF_UNIX) as server:
        server.bind(str(tmp_path / "silent"))
        server.listen()
        server.settimeout(0.5)

        def listen() -> None:
            with suppress(TimeoutError):
                while True:
                    asked.append(server.accept())

        thread = threading.Thread(target=listen)
        thread.start()
        silent = OneServerCache(f"unix://{tmp_path}/silent?db=0", {"OPTIONS": {"socket_timeout": 0.1}})
        with pytest.raises(NO_ANSWER):
            silent.get("word")
        thread.join()
    for peer, _address in asked:
        peer.close()
    assert len(asked) == 1
