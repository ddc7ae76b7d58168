"""A page of a document: what xml2rfc renders, with anchors, search and a look of its own."""

import html
import re
import tempfile
from pathlib import Path
from typing import Any

from lxml import html as parser

from ..processes import Failed
from ..spec.document import render

HERE = Path(__file__).parent
# What kramdown says of code in a table's head, which it shows as text.
SIMPLIFIED = "** simplified markup"
REQUIREMENT = re.compile(r"^[RH]-[\d.]+-\d+$")


def prepared(text: str) -> str:
    """The source of a page: what refers to the other document leads there."""
    text = re.sub(r"\{\{\?ENDKEY\}\},? section ([\d.]+\d)", r"[Endkey section \1](index.html#section-\1)", text)
    return with_own_anchors(text.replace("{{?ENDKEY}}", "[Endkey](index.html)"))


def with_own_anchors(text: str) -> str:
    """Sections whose titles are alike, or like another one's anchor, get anchors of their own."""
    used = set(re.findall(r"^#+ .* \{#([\w-]+)\}$", text, re.M))

    def heading(found: re.Match[str]) -> str:
        anchor = base = re.sub(r"\W+", "-", found[1].lower()).strip("-")
        number = 1
        while anchor in used:
            number += 1
            anchor = f"{base}-{number}"
        used.add(anchor)
        return found[0] if anchor == base else f"{found[0]} {{#{anchor}}}"

    return re.sub(r"^#+ ([^{\n]+)$", heading, text, flags=re.M)


class Page:
    """One document, rendered."""

    def __init__(self, markdown: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / markdown.name
            source.write_text(prepared(markdown.read_text(encoding="utf-8")), encoding="utf-8")
            warnings = [one for one in render(source, folder, (("--html",),)) if not one.startswith(SIMPLIFIED)]
            if warnings:
                raise Failed(f"{markdown}: " + "\n".join(warnings))
            (made,) = Path(folder).glob("*.html")
            tree: Any = parser.fromstring(made.read_text(encoding="utf-8"))
        self.body = tree.find("body")
        self.title = self.body.get_element_by_id("title").text_content()
        self.sections: dict[str, str] = {}
        self.requirements: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        self._clean()
        self._find_sections()
        self._find_requirements()
        self._find_codes()
        self._link()

    def _clean(self) -> None:
        """Takes away what a browser's print, a script or the IETF needs."""
        for one in self.body.xpath(
                "//script|//table[@class='ears']|//*[@id='external-metadata']|//*[@id='internal-metadata']"
                "|//a[@class='toplink']|//a[@class='pilcrow']"):
            tail = one.tail or ""
            before = one.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + tail
            else:
                one.getparent().text = (one.getparent().text or "") + tail
            one.tail = None
            one.getparent().remove(one)
        for one in self.body.xpath("//*[@onload or @onclick]"):
            one.attrib.pop("onload", None)
            one.attrib.pop("onclick", None)
        # A wide table scrolls by itself, not the page.
        for table in self.body.xpath("//table"):
            box = parser.Element("div", {"class": "wide", "tabindex": "0", "role": "region", "aria-label": "Table"})
            table.addprevious(box)
            box.append(table)
        for block in self.body.xpath("//pre"):
            block.getparent().classes.add("block")

    def _find_sections(self) -> None:
        for section in self.body.xpath("//section[starts-with(@id, 'section-')]"):
            number = section.get("id").removeprefix("section-")
            heading = section.xpath("(./h2|./h3|./h4)[1]")
            if heading and re.match(r"^(\d|appendix)", number):
                self.sections[section.get("id")] = " ".join(heading[0].text_content().split())

    def _find_requirements(self) -> None:
        """An anchor at each requirement, where its id stands in bold at the start of its paragraph."""
        for bold in self.body.xpath("//li/p/strong|//li/strong|//p/strong"):
            name = bold.text_content().strip()
            if not REQUIREMENT.match(name) or name in self.requirements:
                continue
            place = bold.getparent()
            self.requirements[name] = " ".join(place.text_content().split())
            anchor = parser.Element("a", {"id": name, "href": f"#{name}", "class": "requirement"})
            anchor.text, anchor.tail, bold.tail = name, bold.tail, None
            bold.getparent().replace(bold, anchor)

    def _find_codes(self) -> None:
        """An anchor at each row of the table of error codes."""
        for table in self.body.xpath("//table[thead/tr/th[1][normalize-space()='code']]"):
            for row in table.xpath("./tbody/tr"):
                name = row[0].text_content().strip()
                if re.fullmatch(r"[a-z][a-z0-9_]+", name) and name not in self.codes:
                    self.codes[name] = " ".join(row[-1].text_content().split())
                    row.set("id", f"error-{name}")

    def _link(self) -> None:
        """Each code that stands in the text leads to its row."""
        for code in self.body.xpath("//p//code|//li//code"):
            name = code.text_content()
            if name in self.codes and code.getparent().tag != "a":
                link = parser.Element("a", {"href": f"#error-{name}", "class": "code"})
                link.tail, code.tail = code.tail, None
                code.addprevious(link)
                link.append(code)

    def text(self) -> str:
        """The page, with all that it needs in it."""
        inner = (self.body.text or "") + "".join(
            parser.tostring(child, encoding="unicode") for child in self.body)
        template = (HERE / "page.html").read_text(encoding="utf-8")
        parts = {
            "title": html.escape(self.title), "style": (HERE / "page.css").read_text(encoding="utf-8"),
            "script": (HERE / "page.js").read_text(encoding="utf-8"), "body": inner,
        }
        return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], template)
