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
from demo_service import (APPLICATIONS, CHAT, COMPUTERS, DAYS, INJECTED, LOGIN, MINUTE, NAMELESS, PASSWORD, PEOPLE,
                          STOPPED, UNUSED, Demo, Report, Server, batch_of, secret_account)

WRONG = ("That did not open the account. The login name, the password or the account secret is wrong. "
         "(person_keys_open_failed)")
PROVEN = "Proven up to each computer's last batch"
MATCH = ("Counted in this page from {} signed batches of {} computers: nothing is missing before the last batch of "
         "each, and the service's report agrees.")
EDITED = ("Counted in this page from 18 signed batches of 5 computers: nothing is missing before the last batch of "
          "each, and the service's report differs for {}.")


def rows(page: Page) -> dict[str, list[tuple[str, int]]]:
    """Labels and times of what the service says of each agent, in the order of the page."""
    found = page.evaluate("""() => [...document.querySelectorAll(".agent")].map((agent) => [agent.dataset.agent,
      [...agent.querySelectorAll(".row")].map((row) =>
        [row.querySelector(".label").textContent, Number(row.dataset.milliseconds)])])""")
    return {agent: [(label, time) for label, time in listed] for agent, listed in found}


def persons(page: Page) -> dict[str, int]:
    """The time of each person whose name was counted, in the order of the page."""
    found = page.evaluate("""() => [...document.querySelectorAll(".person")].map((row) =>
      [row.querySelector(".name").textContent, Number(row.dataset.milliseconds)])""")
    return {name: time for name, time in found if name in PEOPLE}


def values(page: Page) -> list[tuple[str, int]]:
    """What was worked on, in the order of the page."""
    found = page.evaluate("""() => [...document.querySelectorAll("#values .row")].map((row) =>
      [row.querySelector(".label").textContent, Number(row.dataset.milliseconds)])""")
    return [(label, time) for label, time in found]


def total(page: Page) -> int:
    return int(page.get_attribute("#total", "data-milliseconds") or -1)


def true_total(demo: Demo) -> int:
    return sum(sum(times.values()) for times in [*demo.truth.values(), demo.nameless]) + 1000


def is_longest_first(shown: list[tuple[str, int]]) -> bool:
    return [time for _, time in shown] == sorted((time for _, time in shown), reverse=True)


def true_persons(demo: Demo) -> dict[str, int]:
    return {person: sum(times.values()) for person, times in demo.truth.items()}


def flipped(text: str, offset: int) -> str:
    data = bytearray.fromhex(text)
    data[offset] ^= 1
    return data.hex()


def is_locked(page: Page, demo: Demo, report: Report) -> None:
    shown = rows(page)
    assert {label[:5] for listed in shown.values() for label, _ in listed} == {"ekt1_"}
    assert shown == {agent["agent_id"]: [(row["token"], row["milliseconds"]) for row in agent["applications"]]
                     for agent in report["agents"]}
    assert page.is_hidden("#open")
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


def test_who_worked_how_long_is_what_was_counted_with_both_epochs_in_one(opened: Page, demo: Demo) -> None:
    assert persons(opened) == true_persons(demo) and is_longest_first(list(persons(opened).items()))
    assert total(opened) == true_total(demo)
    assert opened.inner_text("#people") == str(len(PEOPLE))
    opened.screenshot(path=ARTIFACTS / "dashboard-open.png", full_page=True)


def test_a_persons_applications_are_shown_when_it_is_chosen(opened: Page, demo: Demo) -> None:
    for person, times in demo.truth.items():
        opened.click(f".name:has-text('{person}')")
        assert opened.inner_text("#whose") == f"What {person} worked on"
        assert dict(values(opened)) == times and is_longest_first(values(opened))
    opened.click("#everyone")
    assert dict(values(opened))["Ledger"] == sum(times["Ledger"] for times in demo.truth.values())


def test_days_are_those_of_the_zone_and_add_up(opened: Page, server: Server, demo: Demo) -> None:
    def days() -> dict[str, int]:
        found = opened.evaluate("""() => [...document.querySelectorAll("#days li")].map((day) =>
          [day.dataset.date, Number(day.dataset.milliseconds)])""")
        return {date: time for date, time in found}

    in_utc = days()
    assert list(in_utc) == [f"2025-11-{24 + day}" for day in range(DAYS)]
    assert sum(in_utc.values()) == true_total(demo)
    assert [time // MINUTE for time in in_utc.values()] == [time // MINUTE for time in demo.days.values()]
    opened.click("#days li:nth-child(2) button")
    assert total(opened) == in_utc["2025-11-25"]
    assert opened.input_value("[name=from]") == opened.input_value("[name=to]") == "2025-11-25"
    opened.click("#all")
    assert total(opened) == true_total(demo)
    open_and_unlock(opened, f"{server.address}dashboard.html?service=report.json&zone=Asia/Kolkata")
    assert sum(days().values()) == true_total(demo) and "Asia/Kolkata" in opened.inner_text("#view")


def test_categories_are_those_of_the_accounts_rules(opened: Page, demo: Demo) -> None:
    shares = opened.evaluate("""() => [...document.querySelectorAll("#categories .piece")].map((piece) =>
      Number(piece.style.flexGrow))""")
    # The rules say nothing of one application, and something of Firefox only by what it showed.
    unruled = sum(times[INJECTED] for times in demo.truth.values())
    mail = sum(times["Thunderbird"] for times in demo.truth.values()) + sum(demo.nameless.values())
    assert sum(shares) == true_total(demo) and shares[1] == mail and shares[3] >= unruled
    assert opened.locator("#legend li").all_inner_texts()[0].startswith("productive")


def test_a_member_of_whom_nothing_came_is_shown_as_silent(opened: Page, demo: Demo) -> None:
    silent = dict(zip(opened.locator("#silent .label").all_inner_texts(),
                      opened.locator("#silent .time").all_inner_texts()))
    assert silent == {COMPUTERS[UNUSED]: "never sent anything", COMPUTERS[STOPPED]: "since Nov 24, 09:00 AM",
                      COMPUTERS[NAMELESS]: "since Nov 26, 08:00 AM"}
    opened.click("#days li:nth-child(5) button")
    assert set(opened.locator("#silent .label").all_inner_texts()) == {
        COMPUTERS[place] for place in (UNUSED, STOPPED, NAMELESS)}


def test_pictures_are_those_that_counted_batches_name(page: Page, server: Server, demo: Demo, report: Report) -> None:
    server.offer_blobs(demo)
    address = server.offer("pictures.json", report)
    open_and_unlock(page, address)
    page.click("[data-tab=pictures]")
    page.wait_for_function("() => [...document.images].filter((one) => one.naturalWidth === 320).length === 15")
    swapped = {**report, "blobs": "swapped"}
    one, other = sorted((demo.service / "blobs" / demo.ids[0]).iterdir())[:2]
    server.offer_file(f"swapped/{demo.ids[0]}/{one.stem}", "application/octet-stream", other.read_bytes())
    open_and_unlock(page, server.offer("swapped.json", swapped))
    page.click("[data-tab=pictures]")
    page.wait_for_function("() => document.querySelectorAll('figure[data-code]').length === 15")
    codes = page.eval_on_selector_all("figure", "(all) => all.map((one) => one.dataset.code)")
    assert sorted(codes) == ["blob_missing"] * 14 + ["blob_open_failed"]
    assert page.locator("img[src]").count() == 0


def test_a_picture_that_is_missing_or_another_is_found_also_unseen_and_remembered_once_acknowledged(
        page: Page, server: Server, demo: Demo, report: Report) -> None:
    one, other, third = sorted((demo.service / "blobs" / demo.ids[0]).iterdir())[:3]
    for blob in (demo.service / "blobs").glob("*/*"):
        if blob != third:
            content = other if blob == one else blob
            server.offer_file(
                f"lost/{blob.parent.name}/{blob.stem}", "application/octet-stream", content.read_bytes())
    address = server.offer("lost.json", {**report, "blobs": "lost"})
    open_and_unlock(page, address)
    assert page.inner_text(".seal") == PROVEN
    page.set_viewport_size({"width": 390, "height": 700})
    page.click("[data-tab=pictures]")
    assert 0 < page.locator("figure").count() < 15
    page.click("#look")
    page.wait_for_function("() => document.getElementById('looked').textContent.includes('All 15 screenshots')")
    page.wait_for_function("() => document.querySelectorAll('#findings > ul .finding').length === 2")
    said = {item.get_attribute("data-code"): item.inner_text() for item in page.locator(".finding").all()}
    assert set(said) == {"blob_missing", "blob_open_failed"}
    assert all("What to do: " in text and COMPUTERS[0] in text for text in said.values())
    assert page.inner_text(".seal") == "Proven in part: look at what was found"
    while page.locator("#findings > ul .finding button").count() > 0:
        page.click("#findings > ul .finding:first-child button")
    open_and_unlock(page, address)
    page.click("[data-tab=pictures]")
    page.click("#look")
    page.wait_for_selector("#findings summary")
    assert page.locator("#findings > ul").count() == 0
    page.wait_for_function("() => document.querySelector('.seal').textContent.startsWith('Proven, but')")


def test_findings_say_what_to_do_and_are_remembered_once_acknowledged(
        page: Page, server: Server, demo: Demo) -> None:
    address = server.offer("faulty.json", demo.faulty_report())
    open_and_unlock(page, address)
    codes = page.eval_on_selector_all("#findings .finding", "(all) => all.map((one) => one.dataset.code)")
    assert sorted(codes) == ["chain_broken", "sequence_gap", "signature_invalid"]
    assert all("What to do: " in text for text in page.locator(".finding").all_inner_texts())
    assert page.inner_text(".seal") == "Proven in part: look at what was found"
    differing = page.locator("#differences table").first.locator("tbody tr").all_inner_texts()
    assert [row.split("\t")[0] for row in differing] == sorted(COMPUTERS[:3], key=lambda name: demo.ids[
        COMPUTERS.index(name)])
    page.screenshot(path=ARTIFACTS / "dashboard-findings.png", full_page=True)
    while page.locator("#findings > ul .finding button").count() > 0:
        page.click("#findings > ul .finding:first-child button")
    assert page.inner_text(".seal") == "Proven, but for what you know of"
    open_and_unlock(page, address)
    assert page.inner_text("#findings summary") == "3 that you know of"
    assert page.locator("#findings > ul").count() == 0


def test_a_list_of_any_length_has_few_rows(page: Page, server: Server, demo: Demo, report: Report) -> None:
    """R-18.2-5 beside it: what the service tells is not shown as counted."""
    long = copy.deepcopy(report)
    token = long["agents"][0]["applications"][0]["token"]
    long["agents"][0]["applications"] = [{"token": f"{token}{i}", "milliseconds": 200_000 - i} for i in range(200_000)]
    open_page(page, server.offer("long.json", long))
    listed = page.locator(".agent").first.locator(".list")
    assert listed.locator(".row").count() < 40
    listed.evaluate("(list) => { list.scrollTop = list.scrollHeight; }")
    page.wait_for_function("() => document.querySelector('.agent .list li:last-child').ariaPosInSet === '200000'")
    assert listed.locator(".row").count() < 40
    assert listed.locator("li").last.get_attribute("data-milliseconds") == "1"


def test_bars_are_as_long_as_times(opened: Page) -> None:
    widths = opened.evaluate("""() => [...document.querySelectorAll("#values .row")]
      .map((row) => parseFloat(getComputedStyle(row, "::before").width))""")
    shown = values(opened)
    assert [round(width / max(widths), 2) for width in widths] == [round(time / shown[0][1], 2) for _, time in shown]


def test_rows_sort_by_name_and_by_time_again(opened: Page, demo: Demo) -> None:
    by_time = values(opened)
    opened.click("[data-order=name]")
    assert [label for label, _ in values(opened)] == sorted(
        APPLICATIONS, key=lambda name: (name[0].isalnum(), name.lower()))
    assert list(persons(opened)) == PEOPLE
    opened.click("[data-order=time]")
    assert values(opened) == by_time and is_longest_first(by_time)


def test_text_forms_within_notes_open_and_what_does_not_open_is_marked_and_stays(opened: Page, demo: Demo) -> None:
    notes = opened.locator("#notes li").all_inner_texts()
    in_json = re.fullmatch(r'\{"title":"(.+) \d","next":"(.+) \d"\}', notes[0])
    assert in_json and set(in_json.groups()) <= set(APPLICATIONS)
    assert notes[1] == "Chat: " + CHAT.replace("\u202e", "\\u{202e}")
    assert [note.split(": ")[1][:5] for note in notes[2:5]] == ["ekt1_"] * 3
    assert opened.inner_text("#footer") == (
        "Latest activity: 4 text forms opened; not opened: 1 no_epoch_key, 1 token_open_failed; "
        "not a text form: 1 truncated")
    assert opened.evaluate("CSS.highlights.get('endkey-unopened').size") == 2


def test_a_token_within_an_opened_value_stays(opened: Page, demo: Demo) -> None:
    assert opened.locator("#notes li").all_inner_texts()[5] == f"Pasted: {demo.pasted}"


def test_totals_match_the_signed_batches(opened: Page) -> None:
    assert opened.inner_text("#checked") == MATCH.format(18, 5)
    assert opened.inner_text(".seal") == PROVEN


def test_markup_in_a_value_is_text_and_runs_nothing(opened: Page) -> None:
    assert [label for label, _ in values(opened)].count(INJECTED) == 1
    assert opened.locator("img, #values b, #notes b").count() == 0
    assert opened.evaluate("document.documentElement.dataset.injected ?? null") is None


def test_a_narrow_page_does_not_scroll_sideways(opened: Page) -> None:
    opened.set_viewport_size({"width": 390, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth") == 390
    opened.screenshot(path=ARTIFACTS / "dashboard-open-narrow.png")


def test_texts_that_appear_later_open_and_attributes_are_left_alone(
        opened: Page, demo: Demo, report: Report) -> None:
    """Whole, cut into two nodes, by a change of a text node, and a great many."""
    name = PEOPLE[0]
    token = next(agent["name"] for agent in report["agents"] if agent["agent_id"] == demo.agents[name])
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
    assert "unverified" in page.inner_text("#service h2")
    unlock(page)
    opened_fully(page)
    assert page.inner_text("#checked") == EDITED.format("1 computer")
    assert total(page) == true_total(demo) and persons(page) == true_persons(demo)


def test_swapped_names_and_a_row_told_twice_show_and_what_was_counted_stands(
        page: Page, server: Server, demo: Demo, report: Report) -> None:
    """R-16.2-1, R-18.2-5."""
    edited = copy.deepcopy(report)
    one, other, third = (agent for agent in edited["agents"] if agent["name"])
    one["name"], other["name"] = other["name"], one["name"]
    third["applications"][1] = third["applications"][0]
    open_and_unlock(page, server.offer("edited.json", edited))
    assert page.inner_text("#checked") == EDITED.format("3 computers")
    assert persons(page) == true_persons(demo)
    assert {person: page.inner_text(f'.person[data-agent="{agent}"] .name')
            for person, agent in demo.agents.items()} == {person: person for person in demo.agents}


def test_what_a_report_tells_twice_is_a_difference_and_stands_once(
        page: Page, server: Server, demo: Demo, report: Report) -> None:
    """R-16.2-1, R-18.2-5. A computer told twice, in two rows; a token told twice, with its time shared out."""
    edited = copy.deepcopy(report)
    one, other = [agent for agent in edited["agents"] if agent["name"]][:2]
    edited["agents"].insert(0, {**one, "batches": [], "applications": [
        {**row, "milliseconds": row["milliseconds"] + 500 * 60 * MINUTE} for row in one["applications"]]})
    shared = other["applications"][0]
    other["applications"].append({**shared, "milliseconds": 1})
    shared["milliseconds"] -= 1
    address = server.offer("twice.json", edited)
    open_page(page, address)
    ids = page.eval_on_selector_all("#report .agent", "(all) => all.map((one) => one.dataset.agent)")
    assert len(ids) == len(set(ids)) == len(report["agents"])
    unlock(page)
    opened_fully(page)
    assert page.inner_text("#checked") == EDITED.format("2 computers")
    assert "told more than once" in page.inner_text("#differences")
    assert page.locator("#report .agent").count() == len(report["agents"]) and total(page) == true_total(demo)


def test_computers_of_a_report_are_drawn_in_time_that_grows_with_their_number(
        page: Page, server: Server, report: Report) -> None:
    """A layout for each would be one of all of them for each: of 3,000, a minute."""
    many = copy.deepcopy(report)
    many["agents"] += [{**report["agents"][0], "agent_id": f"{i:032x}", "batches": [], "request": None}
                       for i in range(3000)]
    page.add_init_script("""globalThis.sizes = 0;
      const { get } = Object.getOwnPropertyDescriptor(Element.prototype, "clientHeight");
      let written = true;
      new MutationObserver(() => { written = true; }).observe(document, { childList: true, subtree: true });
      const { insertBefore } = Node.prototype;
      Node.prototype.insertBefore = function (...given) { written = true; return insertBefore.apply(this, given); };
      Object.defineProperty(Element.prototype, "clientHeight", { get() {
        if (written) globalThis.sizes += 1;
        written = false;
        return get.call(this);
      } });""")
    open_page(page, server.offer("many.json", many))
    assert page.locator("#report .agent").count() == len(many["agents"])
    assert page.evaluate("sizes") < 20


def test_a_zone_that_is_none_is_told_before_anything_opens(page: Page, address: str) -> None:
    open_page(page, f"{address}&zone=Nowhere/At")
    assert "Nowhere/At" in problem(page)
    assert not page.is_visible("#unlock") and not page.is_visible("#open") and not page.is_visible("#tools")


def test_an_unlocking_that_waits_for_another_tab_says_so_and_goes_on(page: Page, address: str) -> None:
    open_page(page, address)
    other = page.context.new_page()
    open_page(other, address)
    other.evaluate("void navigator.locks.request('endkey pins', () => new Promise(() => {}))")
    page.fill("[name=login]", LOGIN)
    page.fill("[name=password]", PASSWORD)
    page.click("#unlock [type=submit]")
    page.wait_for_function("() => document.getElementById('problem').textContent.includes('another tab')")
    other.close()
    page.wait_for_selector("#checked:not(:empty)")
    assert problem(page) == ""


def test_what_was_counted_can_be_saved(opened: Page, demo: Demo) -> None:
    """R-18.2-4. A table's programs take no name for a formula."""
    with opened.expect_download() as csv_file:
        opened.click("[data-save=csv]")
    lines = Path(csv_file.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines[0] == '"computer","label","name","day","application","milliseconds"'
    assert all(line.startswith('"') and line.endswith('"') for line in lines)
    read = [(name, day, application, int(time)) for _, _, name, day, application, time in list(csv.reader(lines))[1:]]
    summed: dict[tuple[str, str], int] = {}
    for name, _, application, time in read:
        if name and application:
            summed[name, application] = summed.get((name, application), 0) + time
    assert summed == {(person, application): time for person, times in demo.truth.items()
                      for application, time in times.items()}
    assert {day for _, day, _, _ in read} == {f"2025-11-{24 + day}" for day in range(DAYS)}
    with opened.expect_download() as json_file:
        opened.click("[data-save=json]")
    told = json.loads(Path(json_file.value.path()).read_text(encoding="utf-8"))
    assert sorted((one["name"], one["day"], one["application"], one["milliseconds"]) for one in told) == sorted(read)


def test_an_edited_batch_shows(page: Page, server: Server, report: Report) -> None:
    edited = copy.deepcopy(report)
    agent = next(agent for agent in edited["agents"] if agent["name"])
    batch = batch_of(agent, 1)
    agent["batches"][agent["batches"].index(batch)] = flipped(batch, 200)
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
    assert page.inner_text("#checked") == MATCH.format(18, 5)


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
    assert page.inner_text("#checked") == MATCH.format(0, 0)
