"""What a seed file gets wrong is told in one line: file, line, entry, field and how to mend it."""

import re
from datetime import date
from pathlib import Path

import pytest

from pledges.seeding.problems import SeedsError
from pledges.seeding.reading import read_seeds

from .writing import SMALL, swap, write


def problems(*paths: Path) -> list[str]:
    with pytest.raises(SeedsError) as refused:
        read_seeds(paths)
    return [str(one) for one in refused.value.problems]


def lines_with(text: str, words: str) -> list[int]:
    return [number for number, line in enumerate(text.splitlines(), 1) if words in line]


def test_a_good_file_is_read_with_the_lines_of_its_fields(tmp_path: Path) -> None:
    [seeds] = read_seeds([write(tmp_path)])
    first, second = seeds.pledges
    assert first.made_on == date(2025, 3, 9)
    assert first.deadline.latest == date(2025, 4, 8)
    assert first.updates[0].sources == ("findings",)
    assert (first.publish, second.publish) == (True, False)
    assert first.place.about == "SY-2025-0001"
    assert first.place.lines["made_on"] == lines_with(SMALL, "made_on")[0]


# what is written, what for, the line it is told at, and words of the message
MISTAKES = [
    (
        "made_on: 2025-03-09",
        "made_on: 9 March 2025",
        "made_on",
        "made_on: “9 March 2025” is no day. Write it as",
    ),
    ("made_on: 2025-03-09", "made_on: 2025-02-30", "made_on", "made_on: There is no day 2025-02-30"),
    ("made_on: 2025-03-09", "made_on: 20250309", "made_on", "is no day. Write it as YEAR-MONTH-DAY"),
    ("    made_on: 2025-03-09\n", "", "reference: SY-2025-0001", "made_on: Missing."),
    ("made_on: 2025-03-09", "made_on:", "made_on:", "made_on: Missing."),
    ("made_on: 2025-03-09", "mad_on: 2025-03-09", "mad_on", "mad_on: No such field. Did you mean “made_on”?"),
    ("action: report", "zzz: report", "zzz", "zzz: No such field. Known here: reference, title"),
    ("publish: false", "publish: no", "publish: no", "publish: “no” is neither true nor false."),
    ("bodies: [commission]", "bodies: commission", "bodies: commission", "Here stands a text; write a list."),
    ("action: report", "action: [report]", "action: [report]", "Here stands a list; write a text."),
    ("    action: report\n", "    action: report\n    action: report\n", "action: report", "Written twice."),
    ("case: coast", "case: cost", "case: cost", "case: No case “cost” in this file."),
    ("bodies: [commission]", "bodies: [panel]", "bodies: [panel]", "bodies: No body “panel” in this file."),
    ("source: decree", "source: law", "source: law", "source: No source “law” in this file."),
    ("sources: [decree]\npl", "sources: [law]\npl", "sources: [law]", "coast: sources: No source “law”"),
    ("sources: [findings]", "sources: [law]", "sources: [law]", "sources: No source “law”"),
    ("        sources: [decree]\n", "        updates: [gone]\n", "updates: [gone]", "No update “gone”"),
    ("id: extension", "id: decree", "id: decree", "id: “decree” is given twice."),
    ("example/extension", "example/decree", "example/decree", "url: “https://news.example/decree” is given"),
    ("SY-2025-0002", "SY-2025-0001", "reference: SY-2025-0001", "reference: Already used in"),
    ("title: Coast", "title: Coast #1", "title: Coast", "title: What follows “#” is lost."),
]


@pytest.mark.parametrize(("old", "new", "marker", "words"), MISTAKES)
def test_a_mistake_is_told_where_it_stands(
    tmp_path: Path, old: str, new: str, marker: str, words: str
) -> None:
    text = swap(SMALL, old, new)
    file = write(tmp_path, text)
    # A misspelt field that is needed is told as missing too.
    told = problems(file)[0]
    assert "\n" not in told
    assert words in told
    found = re.match(rf"{re.escape(str(file))}:(\d+): ", told)
    assert found is not None
    assert int(found[1]) in lines_with(text, marker)


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    one = write(tmp_path, swap(swap(SMALL, "2025-03-09", "soon"), "action: report", "action: []"), "one.yaml")
    two = write(tmp_path, "sources: [", "two.yaml")
    told = problems(tmp_path)
    assert [line.split(":")[0] for line in told] == [str(one), str(one), str(two)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"# nothing\n", "The file is empty."),
        (b"pledges: [\n", "Not valid YAML: "),
        (b"a: b: c\n", ":1: Not valid YAML: mapping values are not allowed here."),
        (b"\xff\xfe\x00", "Not UTF-8 text."),
        (b"a: \x00\n", "Not valid YAML: "),
        (b"--- {}\n--- {}\n", "Not valid YAML: but found another document."),
        (b"- one\n", "Here stands a list; write fields."),
        (b"just words\n", "Here stands a text; write fields."),
        (b"pledges: *gone\n", "Not valid YAML: found undefined alias"),
    ],
)
def test_a_file_that_is_no_seed_file_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "bad.yaml"
    file.write_bytes(content)
    [told] = problems(file)
    assert told.startswith(f"{file}:")
    assert words in told


def test_missing_files_and_empty_folders_are_told(tmp_path: Path) -> None:
    assert problems(tmp_path / "gone.yaml") == [
        f"{tmp_path / 'gone.yaml'}: Can't be read: No such file or directory."
    ]
    assert problems(tmp_path) == [f"{tmp_path}: No seed file (*.yaml) in this folder."]


def test_a_reference_is_given_once_over_all_files(tmp_path: Path) -> None:
    first = write(tmp_path, name="a.yaml")
    write(tmp_path, name="b.yaml")
    told = problems(tmp_path)
    assert len(told) == 2
    assert all(f"Already used in {first}, line" in line for line in told)


def test_yaml_has_no_ideas_of_its_own(tmp_path: Path) -> None:
    """`NO` is Norway, not false, and a python tag is a text like any other."""
    text = swap(swap(SMALL, "country: SY", "country: NO"), "Hand in", "!!python/name:os.system Hand in")
    [seeds] = read_seeds([write(tmp_path, text)])
    assert seeds.bodies[0].country == "NO"
    assert seeds.pledges[0].title == "Hand in the report"


def test_a_comment_on_a_line_of_its_own_and_a_quoted_number_sign_are_kept(tmp_path: Path) -> None:
    text = swap(SMALL, "    title: Coast\n", '    # a comment\n    title: "Coast #1"\n')
    [seeds] = read_seeds([write(tmp_path, text)])
    assert seeds.cases[0].title == "Coast #1"
