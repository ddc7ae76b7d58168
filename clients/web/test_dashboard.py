"""The dashboard in a real browser."""

import copy
import csv
import hashlib
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from browser import ARTIFACTS, open_and_unlock, open_page, opened_fully, problem, unlock
from demo_service import (APPLICATIONS, CHAT, HERE, INJECTED, PASSWORD, PEOPLE, ROOT, Demo, Report, Server,
                          secret_account)

WRONG = ("That did not open the account. The login name, the password or the account secret is wrong. "
         "(person_keys_open_failed)")
MATCH = "Counted from {} signed batches: the service's report agrees"
EDITED = "Counted from 7 signed batches: 0 faults, and the service's report differs for {} computers"


def rows(page: Page) -> dict[str, list[tuple[str, int]]]:
    """Labels and times of each agent's rows, in the order of the page."""
    found = page.evaluate("""() => [...document.querySelectorAll(".agent")].map((agent) => [agent.dataset.agent,
      [...agent.querySelectorAll(".row")].map((row) =>
        [row.querySelector(".label").textContent, Number(row.dataset.milliseconds)])])""")
    return {agent: [(label, time) for label, time in listed] for agent, listed in found}


def total(page: Page) -> int:
    return int(page.get_attribute("#total", "data-milliseconds") or -1)


def true_total(demo: Demo) -> int:
    return sum(sum(times.values()) for times in demo.truth.values())


def true_rows(demo: Demo) -> dict[str, list[tuple[str, int]]]:
    return {demo.agents[person]: sorted(times.items(), key=lambda row: -row[1])
            for person, times in demo.truth.items()}


def flipped(text: str, offset: int) -> str:
    data = bytearray.fromhex(text)
    data[offset] ^= 1
    return data.hex()


def is_locked(page: Page, demo: Demo, report: Report) -> None:
    shown = rows(page)
    assert {label[:5] for listed in shown.values() for label, _ in listed} == {"ekt1_"}
    assert shown == {agent["agent_id"]: [(row["token"], row["milliseconds"]) for row in agent["applications"]]
                     for agent in report["agents"]}
    assert total(page) == true_total(demo)
    text = page.content()
    assert [value for value in [*demo.truth, "Ledger", "Thunderbird", CHAT] if value in text] == []


def test_locked_the_page_shows_tokens_and_their_sums_and_no_value(
        page: Page, address: str, demo: Demo, report: Report) -> None:
    open_page(page, address)
    is_locked(page, demo, report)
    page.screenshot(path=ARTIFACTS / "dashboard-locked.png", full_page=True)


def test_a_wrong_password_is_said_to_be_wrong_and_opens_nothing(
        page: Page, address: str, demo: Demo, report: Report) -> None:
    open_page(page, address)
    unlock(page, PASSWORD.upper())
    assert problem(page) == WRONG
    is_locked(page, demo, report)


def test_locking_again_hides_all_values(opened: Page, demo: Demo, report: Report) -> None:
    opened.click("#lock")
    opened.wait_for_selector("html[data-ready]", state="attached")
    is_locked(opened, demo, report)


def test_opened_rows_are_the_truth_with_both_epochs_in_one(opened: Page, demo: Demo) -> None:
    expected = true_rows(demo)
    assert rows(opened) == expected
    assert total(opened) == true_total(demo)
    assert {agent: int(opened.get_attribute(f'[data-agent="{agent}"]', "data-milliseconds") or -1)
            for agent in expected} == {agent: sum(time for _, time in listed) for agent, listed in expected.items()}
    assert sorted(opened.locator(".agent h2").all_inner_texts()) == sorted(demo.truth)
    opened.screenshot(path=ARTIFACTS / "dashboard-open.png", full_page=True)


def test_bars_are_as_long_as_times(opened: Page) -> None:
    widths = opened.evaluate("""() => [...document.querySelector(".agent").querySelectorAll(".bar")]
      .map((bar) => parseFloat(getComputedStyle(bar, "::before").width))""")
    first = next(iter(rows(opened).values()))
    assert [round(width / max(widths), 2) for width in widths] == [round(time / first[0][1], 2) for _, time in first]


def test_rows_sort_by_name_and_by_time_again(opened: Page, demo: Demo) -> None:
    opened.click("[data-order=name]")
    by_name = sorted(APPLICATIONS, key=lambda name: (name[0].isalnum(), name.lower()))
    assert [[label for label, _ in listed] for listed in rows(opened).values()] == [by_name] * len(PEOPLE)
    opened.click("[data-order=time]")
    assert rows(opened) == true_rows(demo)


def test_text_forms_within_notes_open_and_what_does_not_open_is_marked_and_stays(opened: Page, demo: Demo) -> None:
    notes = opened.locator("#notes li").all_inner_texts()
    in_json = re.fullmatch(r'\{"title":"([^"]+) \d","next":"([^"]+) \d"\}', notes[0])
    assert in_json and in_json.groups() == tuple(APPLICATIONS[:2])
    assert notes[1] == "Chat: " + CHAT.replace("\u202e", "\\u{202e}")
    assert [note.split(": ")[1][:5] for note in notes[2:5]] == ["ekt1_"] * 3
    assert opened.inner_text("#footer") == (
        "4 text forms opened below; not opened: 1 no_epoch_key, 1 token_open_failed; not a text form: 1 truncated")
    assert opened.evaluate("CSS.highlights.get('endkey-unopened').size") == 2


def test_a_token_within_an_opened_value_stays(opened: Page, demo: Demo) -> None:
    assert opened.locator("#notes li").all_inner_texts()[5] == f"Pasted: {demo.pasted}"


def test_totals_match_the_signed_batches(opened: Page) -> None:
    assert opened.inner_text("#checked") == MATCH.format(7)


def test_markup_in_a_value_is_text_and_runs_nothing(opened: Page) -> None:
    labels = [label for listed in rows(opened).values() for label, _ in listed]
    assert labels.count(INJECTED) == 3
    assert opened.locator("img, #report b, #notes b").count() == 0
    assert opened.evaluate("document.documentElement.dataset.injected ?? null") is None


def test_a_narrow_page_does_not_scroll_sideways(opened: Page) -> None:
    opened.set_viewport_size({"width": 390, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth") == 390
    opened.screenshot(path=ARTIFACTS / "dashboard-open-narrow.png")


def test_texts_that_appear_later_open_and_attributes_are_left_alone(opened: Page, report: Report) -> None:
    """Whole, cut into two nodes, by a change of a text node, and a great many."""
    token = report["agents"][0]["name"]
    name = opened.locator(".agent h2").first.inner_text()
    opened.evaluate("""(token) => {
      const add = (id, ...children) => {
        const element = document.createElement("p");
        element.id = id;
        element.append(...children);
        document.getElementById("feed").append(element);
      };
      add("later", `by ${token}!`);
      add("cut", token.slice(0, 20), token.slice(20));
      add("changed", "nothing yet");
      document.getElementById("changed").firstChild.data = `now ${token}`;
      add("many", Array(2000).fill(token).join("|"));
      add("title", "x");
      document.getElementById("title").title = token;
    }""", token)
    opened.wait_for_function("(name) => document.getElementById('many').textContent.split(name).length === 2001",
                             arg=name)
    assert opened.inner_text("#later") == f"by {name}!"
    assert opened.inner_text("#cut") == name
    assert opened.inner_text("#changed") == f"now {name}"
    assert opened.get_attribute("#title", "title") == token


@pytest.mark.parametrize("message, offset, code", [
    pytest.param("head", 40, "pin_mismatch", id="another salt under one counter"),
    pytest.param("head", 5, "pin_mismatch", id="another account"),
    pytest.param("person_keys", 40, "pin_mismatch", id="keys of another head"),
    pytest.param("person_keys", 100, "person_keys_open_failed", id="changed keys"),
    pytest.param("account_state", 190, "certificate_invalid", id="a changed list"),
    pytest.param("account_state", 45, "signature_invalid", id="a changed state"),
    pytest.param("owner_vault", 100, "signature_invalid", id="a changed vault"),
    pytest.param("rule_set", None, "chain_broken", id="a rule set kept back"),
])
def test_a_service_that_changes_a_stored_message_is_refused_by_a_browser_that_remembers(
        opened: Page, server: Server, report: Report, message: str, offset: int | None, code: str) -> None:
    changed = copy.deepcopy(report)
    account = changed["account"]
    account[message] = None if offset is None else flipped(account[message], offset)
    open_page(opened, server.offer("changed.json", changed))
    unlock(opened)
    assert problem(opened).endswith(f"({code})")
    assert opened.locator(".opened").count() == 0


def test_without_a_wrap_that_fits_the_grant_is_taken(page: Page, server: Server, report: Report) -> None:
    changed = copy.deepcopy(report)
    changed["account"]["password_wrap"] = flipped(changed["account"]["password_wrap"], 80)
    open_and_unlock(page, server.offer("changed.json", changed))
    changed["account"]["grant"] = None
    open_page(page, server.offer("changed.json", changed))
    unlock(page)
    assert problem(page).endswith("(no_master_key)")


def standing(page: Page) -> list[str]:
    return page.locator("#standing ul li").all_inner_texts()


def test_what_a_person_compares_is_shown_until_it_is_confirmed(page: Page, address: str, report: Report) -> None:
    open_and_unlock(page, address)
    assert [line.split(":")[0] for line in standing(page)] == ["Nothing is remembered here yet"]
    shown = dict(zip(page.locator("#standing dt").all_inner_texts(), page.locator("#standing dd").all_inner_texts()))
    state = bytes.fromhex(report["account"]["account_state"])
    assert shown["digits"] == hashlib.sha256(state).hexdigest()[:8]
    assert [shown["generation"], shown["counter"]] == [
        str(int.from_bytes(state[112:116], "big")), str(int.from_bytes(state[24:32], "big"))]
    assert page.locator("#standing ol li").count() == 1
    page.click("#confirm")
    page.wait_for_selector("#confirm", state="hidden")
    open_and_unlock(page, address)
    assert standing(page) == [] and page.is_hidden("#confirm")


@pytest.mark.parametrize("query, words", [
    ("?service=https://example.org/report.json", "origin of this page"), ("?service=nothing.json", "404"),
    ("", "Name the report"),
], ids=["another origin", "no such file", "no name"])
def test_a_report_that_cannot_be_had_is_told(page: Page, server: Server, query: str, words: str) -> None:
    open_page(page, f"{server.address}dashboard.html{query}")
    assert words in problem(page)


def test_an_edited_sum_shows_and_the_counted_one_stands(
        page: Page, server: Server, demo: Demo, report: Report) -> None:
    """R-16.2-1, R-18.2-5."""
    edited = copy.deepcopy(report)
    edited["agents"][0]["applications"][0]["milliseconds"] += 60_000
    open_page(page, server.offer("edited.json", edited))
    assert total(page) == true_total(demo) + 60_000
    assert "unverified" in page.inner_text("#view")
    unlock(page)
    opened_fully(page)
    assert page.inner_text("#checked") == EDITED.format(1)
    assert total(page) == true_total(demo) and rows(page) == true_rows(demo)


def test_swapped_names_and_a_row_told_twice_show_and_what_was_counted_stands(
        page: Page, server: Server, demo: Demo, report: Report) -> None:
    """R-16.2-1, R-18.2-5."""
    edited = copy.deepcopy(report)
    one, other, third = edited["agents"]
    one["name"], other["name"] = other["name"], one["name"]
    third["applications"][1] = third["applications"][0]
    open_and_unlock(page, server.offer("edited.json", edited))
    assert page.inner_text("#checked") == EDITED.format(3)
    assert rows(page) == true_rows(demo)
    assert {person: page.inner_text(f'[data-agent="{agent}"] h2') for person, agent in demo.agents.items()} == {
        person: person for person in demo.agents}


def test_what_was_counted_can_be_saved(opened: Page, demo: Demo) -> None:
    """R-18.2-4. A table's programs take no name for a formula."""
    with opened.expect_download() as csv_file:
        opened.click("[data-save=csv]")
    lines = Path(csv_file.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines[0] == '"computer","name","application","milliseconds"'
    assert all(line.startswith('"') and line.endswith('"') for line in lines)
    read = [(name, application, int(time)) for _, name, application, time in list(csv.reader(lines))[1:]]
    assert sorted(read) == sorted((person, application, time) for person, times in demo.truth.items()
                                  for application, time in times.items())
    with opened.expect_download() as json_file:
        opened.click("[data-save=json]")
    told = json.loads(Path(json_file.value.path()).read_text(encoding="utf-8"))
    assert sorted((one["name"], one["application"], one["milliseconds"]) for one in told) == sorted(read)


def test_an_edited_batch_shows(page: Page, server: Server, report: Report) -> None:
    edited = copy.deepcopy(report)
    batches = edited["agents"][1]["batches"]
    place = next(i for i, batch in enumerate(batches) if int(batch[80:96], 16) == 1)
    batches[place] = flipped(batches[place], 200)
    open_and_unlock(page, server.offer("edited.json", edited))
    assert page.get_attribute("#checked", "data-findings") == "signature_invalid sequence_gap"


def test_a_browser_that_remembers_nothing_holds_the_account_against_the_id_that_was_noted(
        page: Page, address: str, report: Report) -> None:
    account = report["account"]["head"][8:40]
    open_page(page, address)
    unlock(page, account="00" + account[2:])
    assert problem(page).endswith("(pin_mismatch)")
    unlock(page, account=account)
    opened_fully(page)
    assert page.inner_text("#checked") == MATCH.format(7)


def test_an_account_secret_is_asked_for_and_mistyping_it_is_told(
        page: Page, address: str, server: Server, demo: Demo, tmp_path: Path) -> None:
    open_page(page, address)
    unlock(page, secret="ekb1qqqq")
    assert problem(page).endswith("(bad_bech32m)")
    with_secret, secret = secret_account(demo.endkey, tmp_path)
    open_page(page, server.offer("secret.json", with_secret))
    unlock(page)
    assert problem(page).endswith("(account_secret_mismatch)")
    unlock(page, secret=secret[:-1] + ("q" if secret[-1] != "q" else "p"))
    assert problem(page).endswith("(bad_bech32m)")
    unlock(page, secret=secret)
    opened_fully(page)
    assert page.inner_text("#checked") == MATCH.format(0)
