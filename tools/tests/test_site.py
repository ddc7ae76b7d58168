"""The documents as pages: whatever is cited can be linked, and nothing is asked of anywhere else."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from endkey_tools.repository import ROOT
from endkey_tools.site import PAGES
from endkey_tools.site.page import Page, with_own_anchors


@pytest.fixture(scope="module", params=PAGES)
def page(request: pytest.FixtureRequest) -> tuple[Path, Page, str]:
    source = ROOT / "spec" / request.param
    made = Page(source)
    return source, made, made.text()


def test_every_requirement_has_an_anchor(page: tuple[Path, Page, str]) -> None:
    source, made, text = page
    wanted = set(re.findall(r"\*\*([RH]-[\d.]+-\d+)\*\*", source.read_text(encoding="utf-8")))
    assert set(made.requirements) == wanted
    assert all(text.count(f'id="{name}"') == 1 for name in wanted)


def test_every_link_within_leads_somewhere(page: tuple[Path, Page, str]) -> None:
    tree: Any = html.fromstring(page[2])
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert [link for link in tree.xpath("//a/@href") if link.startswith("#") and link[1:] not in ids] == []


def test_nothing_is_loaded_from_anywhere(page: tuple[Path, Page, str]) -> None:
    tree: Any = html.fromstring(page[2])
    assert tree.xpath("//link|//img|//iframe|//script/@src|//*/@onclick|//*/@onload") == []
    style = tree.find(".//style").text
    assert "url(" not in style and "@import" not in style


def test_every_error_code_has_an_anchor_and_every_section_a_number() -> None:
    made = Page(ROOT / "spec/endkey.md")
    registry = json.loads((ROOT / "spec/registry.json").read_text(encoding="utf-8"))
    assert set(made.codes) == {error["code"] for error in registry["errors"]}
    assert made.sections["section-14.2"].startswith("14.2")


def test_references_to_the_other_document_lead_to_its_sections() -> None:
    http, protocol = Page(ROOT / "spec/http.md"), Page(ROOT / "spec/endkey.md")
    wanted = set(re.findall(r'index\.html#(section-[\d.]+)', http.text()))
    assert wanted and wanted <= set(protocol.sections)


def test_sections_of_one_title_have_anchors_of_their_own() -> None:
    assert with_own_anchors("# Reports\n\n## Reports\n\n# Alerts {#alerts}\n\n## Alerts\n") == (
        "# Reports\n\n## Reports {#reports-2}\n\n# Alerts {#alerts}\n\n## Alerts {#alerts-2}\n")
