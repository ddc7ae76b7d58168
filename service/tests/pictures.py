#!/usr/bin/env python3
"""Renews the pictures of the application, from an account with three computers and a week of theirs."""

import argparse
import random
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "clients/web")]

from browser import new_page  # noqa: E402
from chromium import chromium  # noqa: E402
from conftest import Running, new_keys, now  # noqa: E402
from endkey_client.enums import RecordKind, TokenField  # noqa: E402
from endkey_client.over_http.agent import AgentOverHTTP  # noqa: E402
from endkey_client.wire.messages import Item, Record  # noqa: E402
from test_application import PAGES, Person  # noqa: E402

SIZE = (1280, 800)
MINUTE = 60_000
DAY = 24 * 60 * MINUTE
NAMES = ["Ana Duarte", "Jun Okafor", "Mira Lindqvist"]
VALUES = [
    ("Writer", "Discharge letter", None), ("Browser", "Lab results", "https://lab.example/results"),
    ("Mail", "Inbox", None), ("Tables", "Rota for December", None), ("Browser", "News", "https://news.example/"),
]
CATEGORIES = {"Writer": "productive", "Mail": "neutral", "Tables": "productive", "Browser": "unproductive"}


def week(agent: AgentOverHTTP, name: str, choice: random.Random) -> None:
    first = now() // DAY * DAY - 5 * DAY
    for day in range(5):
        records, start = [], first + day * DAY + 8 * 60 * MINUTE
        for _ in range(choice.randrange(10, 16)):
            application, title, url = choice.choice(VALUES)
            texts = {TokenField.employee_name: name, TokenField.application_name: application,
                     TokenField.window_title: title, TokenField.url: url}
            items = [Item.of(agent.token(field, text)) for field, text in texts.items() if text is not None]
            duration = choice.randrange(5, 55) * MINUTE
            records.append(Record(RecordKind.application, start, duration, items))
            start += duration
        agent.batch(records, start)
    agent.upload()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PAGES / "pictures", help="the folder of the pictures")
    parser.add_argument("--width", type=int, default=SIZE[0])
    options = parser.parse_args(arguments)
    choice = random.Random(17)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        service = Running(Path(folder), ["--signup", "open", "--pages", str(PAGES)]).start()
        try:
            page = new_page(browser, *SIZE)
            person = Person(page, service, "ana@example.com")
            person.create()
            for number, name in enumerate(NAMES):
                agent = AgentOverHTTP.pin(service.service(), person.code(f"Desk {number + 1}").encode(), new_keys())
                agent.ask()
                person.reload("computers")
                person.press("#requests", "Approve")
                person.answer()
                person.said("The computer is in the account.")
                agent.refresh(now())
                week(agent, name, choice)
            person.screen("categories")
            for application, category in CATEGORIES.items():
                page.select_option(f"select[aria-label='Category of {application}']", category)
            page.click("#category-save button")
            person.said("The categories are saved.")
            page.set_viewport_size({"width": options.width, "height": SIZE[1]})
            person.screen("report")
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                path = options.out / f"application-report-{scheme}.png"
                page.screenshot(path=path)
                print(path)
        finally:
            service.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
