import os
import stat
from pathlib import Path

import pytest

from config.paths import LONGEST_SOCKET_PATH, kept_secret, private_folder, redis_socket

pytestmark = pytest.mark.once


def test_a_folder_becomes_private(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True, mode=0o755)
    assert stat.S_IMODE(private_folder(folder).stat().st_mode) == 0o700


def test_a_link_to_somewhere_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(PermissionError):
        private_folder(tmp_path / "link")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        private_folder(tmp_path)


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_a_socket_path_is_never_too_long(extra: int) -> None:
    tail = "/redis/redis.sock"
    var = Path("/" + "x" * (LONGEST_SOCKET_PATH - len(tail) - 1 + extra))
    found = redis_socket(var)
    assert len(os.fsencode(found)) <= LONGEST_SOCKET_PATH
    assert found.is_relative_to(var) is (extra <= 0)
    assert found == redis_socket(var)


def test_two_long_folders_have_two_sockets() -> None:
    assert redis_socket(Path("/" + "x" * 200)) != redis_socket(Path("/" + "y" * 200))


def test_a_secret_is_kept(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "secret")
    assert kept_secret(tmp_path / "secret") == first
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
