"""Turns the reports that `clients/judge` made into a table of clients and sections, between `<!-- BEGIN matrix -->` and
`<!-- END matrix -->` of the files given.

--check changes nothing, names the files that differ, and exits with 1 if there are any. Exits with 2 when a file has no
such place, or there is no report.
"""

import argparse
import json
import re
import sys
from pathlib import Path

from ..repository import ROOT

REGION = re.compile(r"(<!-- BEGIN matrix -->\n).*?(<!-- END matrix -->)", re.S)


class Missing(Exception):
    pass


def reports(folder):
    """(title, report) in the order of clients.json."""
    clients = json.loads((ROOT / "clients/clients.json").read_text())
    found = [(client["title"], folder / client["name"] / "report.json") for client in clients]
    found = [(title, json.loads(path.read_text())) for title, path in found if path.exists()]
    if not found:
        raise Missing(f"no report in {folder}: run clients/judge")
    for title, report in found:
        if report["profile"] != "all" or report["ops"] or report["only"]:
            raise Missing(f"the report of {title} is of a part of the suite only")
    return found


def cell(section):
    """All passed; or how many of how many; or none of it claimed."""
    if section is None:
        return ""
    planned = sum(section[key] for key in ("passed", "failed", "known", "unsupported", "skipped"))
    if section["passed"] == planned:
        return f"{planned}"
    return "–" if section["unsupported"] == planned else f"{section['passed']} of {planned}"


def table(found):
    titles: dict[str, str] = {}
    by_client = []
    for _, report in found:
        sections = {one["section"]: one for one in report["sections"]}
        titles |= {number: one["title"] for number, one in sections.items()}
        by_client.append(sections)
    order = sorted(titles, key=lambda number: int(number or 0))
    lines = ["", "| section | " + " | ".join(title for title, _ in found) + " |", "|---|" + "---:|" * len(found)]
    for number in order:
        cells = [cell(sections.get(number)) for sections in by_client]
        lines.append(f"| {f'{number} {titles[number]}'.strip()} | " + " | ".join(cells) + " |")
    sums = [(report["counts"]["pass"], report["counts"]["planned"]) for _, report in found]
    lines.append(
        "| **all** | "
        + " | ".join(f"**{passed}**" if passed == planned else f"**{passed} of {planned}**" for passed, planned in sums)
        + " |"
    )
    return "\n".join(lines) + "\n\n"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tools/run matrix", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--check", action="store_true", help="only compare")
    parser.add_argument(
        "--reports",
        type=Path,
        default=ROOT / ".build/artifacts/conform",
        metavar="DIR",
        help="where clients/judge put them",
    )
    given = parser.parse_args(arguments)
    differing = 0
    try:
        made = table(reports(given.reports))
        for path in given.files:
            text = path.read_text()
            if len(REGION.findall(text)) != 1:
                raise Missing(f"{path} has not one place for the matrix")
            new = REGION.sub(lambda match: match[1] + made + match[2], text)
            if new != text:
                differing += 1
                print(f"{'differs' if given.check else 'filled'}: {path}")
                if not given.check:
                    path.write_text(new)
    except (Missing, OSError) as reason:
        print(reason, file=sys.stderr)
        return 2
    return 1 if given.check and differing else 0
