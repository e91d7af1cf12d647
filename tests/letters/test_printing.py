"""The text of a letter as parts of a sheet. Pure."""

import pytest

from tracker.letters.printing import Kind, blocks

pytestmark = pytest.mark.once


def told(text: str) -> list[tuple[str, list[str]]]:
    return [(str(block.kind), [str(line) for line in block.lines]) for block in blocks(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("\n \n", []),
        ("Dear Sir,", [("paragraph", ["Dear Sir,"])]),
        ("One\nTwo", [("paragraph", ["One", "Two"])]),
        ("One\n\n\nTwo", [("paragraph", ["One"]), ("paragraph", ["Two"])]),
        ("Words:\n    “a”\n    b", [("paragraph", ["Words:"]), ("quote", ["“a”", "b"])]),
        ("    a\n\n    b", [("quote", ["a"]), ("quote", ["b"])]),
        (
            "Tell us:\n- this;\n- that.\n\nThanks",
            [("paragraph", ["Tell us:"]), ("items", ["this;", "that."]), ("paragraph", ["Thanks"])],
        ),
        # A dash inside a line, or without its space, is no list.
        ("a - b\n-c", [("paragraph", ["a - b", "-c"])]),
        ("    - quoted", [("quote", ["- quoted"])]),
        (" -  x", [("paragraph", ["-  x"])]),
    ],
)
def test_the_parts_of_a_text(text: str, parts: list[tuple[str, list[str]]]) -> None:
    assert told(text) == parts


@pytest.mark.parametrize(
    ("line", "html"),
    [
        ("See https://a.example/b/ now", 'See <bdi dir="ltr">https://a.example/b/</bdi> now'),
        ("المصدر: http://a.example/", 'المصدر: <bdi dir="ltr">http://a.example/</bdi>'),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("https://a.example/?q=<script>", '<bdi dir="ltr">https://a.example/?q=&lt;script&gt;</bdi>'),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_addresses_are_set_apart_and_everything_is_escaped(line: str, html: str) -> None:
    assert told(line) == [("paragraph", [html])]


def test_a_line_alone_may_be_of_any_kind() -> None:
    assert [block.kind for block in blocks("a\n- b\n    c")] == [Kind.PARAGRAPH, Kind.ITEMS, Kind.QUOTE]
