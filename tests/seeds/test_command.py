"""`manage.py load_seeds`, as a person meets it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pledges.models import Pledge

from .writing import SMALL, grown, swap, write

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("load_seeds", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_first_run_says_what_was_added_and_the_second_that_nothing_was(tmp_path: Path) -> None:
    file = write(tmp_path)
    assert run(file) == (
        (
            "Added 3 sources, 1 body, 1 case, 2 pledges, 1 update, 1 assessment, 1 publication"
            " (2 pledges in 1 seed file).\n"
        ),
        "",
    )
    nothing = ("Nothing to add: all is recorded already (2 pledges in 1 seed file).\n", "")
    assert run(file) == nothing
    assert run("--check", file) == nothing


def test_check_says_what_would_be_added_and_writes_nothing(tmp_path: Path) -> None:
    out, err = run("--check", write(tmp_path, grown()))
    assert out.startswith(
        "Valid, would add 3 sources, 1 body, 1 case, 2 pledges, 1 deadline move, 2 updates,"
    )
    assert err == ""
    assert not Pledge.objects.exists()


def test_a_difference_is_told_on_the_side_and_is_no_failure(tmp_path: Path) -> None:
    run(write(tmp_path))
    file = write(tmp_path, swap(SMALL, "Hand in the report", "Bring it"))
    out, err = run(file)
    assert out.startswith("Nothing to add")
    assert err.startswith(f"Different: {file}:24: SY-2025-0001: title: The file says “Bring it”, the record")


@pytest.mark.parametrize("flags", [[], ["--check"]])
def test_a_mistake_ends_it_with_one_line_and_exit_1(tmp_path: Path, flags: list[str]) -> None:
    file = write(tmp_path, swap(SMALL, "2025-03-09", "9.3.2025"))
    with pytest.raises(CommandError) as refused:
        run(*flags, file)
    assert str(refused.value).splitlines() == [
        (
            f"{file}:30: SY-2025-0001: made_on: “9.3.2025” is no day."
            " Write it as YEAR-MONTH-DAY, such as 2025-04-08."
        ),
        "Nothing was loaded.",
    ]
    assert refused.value.returncode == 1
    assert not Pledge.objects.exists()


def test_without_a_path_the_shipped_seeds_are_meant() -> None:
    out, err = run("--check")
    assert out.startswith("Valid, would add 106 sources")
    assert "23 pledges in 10 seed files" in out
    assert err == ""


def test_folders_and_files_may_be_mixed(tmp_path: Path) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    write(folder, SMALL.replace("SY-2025-", "SY-2024-"))
    out, _err = run("--check", folder, write(tmp_path))
    assert "4 pledges in 2 seed files" in out
