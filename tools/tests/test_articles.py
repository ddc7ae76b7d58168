"""The checks of the documentation notice what they are for."""

from pathlib import Path
from typing import Any

import pytest

from endkey_tools import articles, documentation

FILE = "Snippets/Start.swift"


def block(text: str, comment: str = f"<!-- {FILE}: start -->\n") -> str:
    return f"Before.\n\n{comment}```swift\n{text}```\n\nAfter.\n"


def test_a_block_is_filled_from_its_snippet() -> None:
    page = articles.ROOT / "README.md"
    text, files = articles.filled(page, block("let old = 1\n"))
    assert "let old" not in text
    assert articles.part(FILE, "start") in text
    assert text.startswith("Before.") and text.endswith("After.\n")
    assert files == {FILE}
    assert articles.filled(page, text) == (text, files)


def test_a_block_that_names_no_snippet_is_refused() -> None:
    with pytest.raises(articles.BadExample, match=r"README\.md:3: a block of Swift that names no snippet"):
        articles.filled(articles.ROOT / "README.md", block("let a = 1\n", comment=""))


def test_a_part_that_is_not_there_is_refused() -> None:
    with pytest.raises(articles.BadExample, match="has 0 parts named nothing"):
        articles.part(FILE, "nothing")


def test_a_snippet_that_was_not_built_is_a_fault() -> None:
    assert articles.run(Path("NoSuchSnippet.swift")) is not None


def symbol(name: str, *lines: str, identifier: str = "s:6Endkey") -> dict[str, Any]:
    return {
        "identifier": {"precise": f"{identifier}{name}"}, "pathComponents": ["Owner", name],
        "location": {"uri": "file:///Owner.swift", "position": {"line": 4, "character": 0}},
        "docComment": {"lines": [{"text": line} for line in lines]},
    }


def test_a_comment_must_be_there_and_stand_alone() -> None:
    symbols = [
        symbol("good", "The counter of the state."), symbol("none"), symbol("riddle", "Of the token."),
        symbol("made", identifier="s:6Endkey::SYNTHESIZED::"), symbol("inherited"),
    ]
    edge = {"source": "s:6Endkeyinherited", "target": "s:6Endkey", "sourceOrigin": {"identifier": "s"}}
    count, found = documentation.faults({"symbols": symbols, "relationships": [edge]})
    assert count == 3
    assert found == [
        "Owner.swift:5: Owner.none has no comment", "Owner.swift:5: Owner.riddle begins as a fragment: Of the token."]
