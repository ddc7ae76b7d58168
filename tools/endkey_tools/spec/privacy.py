"""How many tokens frequency analysis guesses, for a made but plausible company. Prints the tables of section 22.

The model, all of it invented; SEED fixes every number:
- 50 agents work 5 days, about 400 actions a day each. The length of an action is log-normal, median 20 s.
- An action has an application and a window title; every second one has an address; every third a document.
- A field's values are public (known everywhere; popularity is Zipf) or private to a company (Zipf among themselves).
- A company uses the most popular twentieth of the public values and half of the others, and multiplies each one's
popularity
  by a log-normal taste, sigma 0.5.
- The adversary has the plain values and times of another such company: the same public values, another taste, its own
  private values. It ranks the tokens of a field and length class by total time, ranks the other company's values in
  the same
  way, and matches rank with rank; or it keeps, for each token, the ten values of nearest rank. It never learns what
  was right.
What is not modelled: times of day, who works with whom, what else the service knows. A real adversary does better.
"""

import argparse
import bisect
import functools
import itertools
import random
import textwrap
from collections import defaultdict
from typing import Any

SEED = "endkey privacy 1"
AGENTS, DAYS, ACTIONS = 50, 5, 400
TASTE = 0.5
LIST = 10
# field: public values, private values, exponent of Zipf, share of time on public values, share of actions, median
# length
FIELDS = {
    "application_name": (300, 5, 1.2, 0.97, 1, 14),
    "window_title": (20_000, 10_000, 1.0, 0.30, 1, 38),
    "url": (20_000, 2_000, 1.0, 0.60, 1 / 2, 45),
    "document_name": (200, 3_000, 1.0, 0.05, 1 / 3, 24),
}
BUCKETS = [15, 31, 63, 127, 255, 511, 1023, 2047, 4095]
CLASSES = {
    "sizes of section 14": lambda length: bisect.bisect_left(BUCKETS, length),
    "one size for all": lambda length: 0,
    "exact lengths": lambda length: length,
}


def lengths(rng, count, median):
    return [min(4095, max(3, round(rng.lognormvariate(0, 0.45) * median))) for _ in range(count)]


class Company:
    """All actions of a company: field -> [(day, agent, start, duration, value)]; a value is (owner, number)."""

    def __init__(self, name, public):
        rng = random.Random(f"{SEED} {name}")
        self.length: dict = {}
        self.actions: dict = {}
        for field, (publics, privates, zipf, share, often, median) in FIELDS.items():
            used = [rank for rank in range(publics) if rng.random() < 0.5 or rank < publics / 20]
            weights = {("public", rank): (rank + 1) ** -zipf * rng.lognormvariate(0, TASTE) for rank in used}
            own = {(name, rank): (rank + 1) ** -zipf for rank in range(privates)}
            self.length |= {(field, ("public", rank)): public[field][rank] for rank in used}
            self.length |= {(field, value): size for value, size in zip(own, lengths(rng, privates, median))}
            pool = []
            for values, part in ((weights, share), (own, 1 - share)):
                unit = part / sum(values.values())
                pool += [(value, weight * unit) for value, weight in values.items()]
            heap = list(itertools.accumulate(weight for _, weight in pool))
            self.actions[field] = actions = []
            for day, agent in itertools.product(range(DAYS), range(AGENTS)):
                start = 0
                for value, _ in rng.choices(pool, cum_weights=heap, k=round(ACTIONS * often)):
                    duration = round(rng.lognormvariate(0, 1.2) * 20_000)
                    actions.append((day, agent, start, duration, value))
                    start += round(duration / often)

    @functools.cache
    def totals(self, field, days):
        """value -> total time on these days."""
        total: defaultdict[Any, int] = defaultdict(int)
        for day, _, _, duration, value in self.actions[field]:
            if day in days:
                total[value] += duration
        return total

    @functools.cache
    def ranked(self, field, days, classes):
        """length class -> values by falling time."""
        found, total = defaultdict(list), self.totals(field, days)
        for value in sorted(total, key=lambda value: (-total[value], value)):
            found[CLASSES[classes](self.length[field, value])].append(value)
        return found


def attack(target, other, field, days, classes, width=1):
    """(tokens, tokens whose value is among the `width` candidates of nearest rank, share of time of these)."""
    total = target.totals(field, days)
    right = set()
    for key, tokens in target.ranked(field, days, classes).items():
        values = other.ranked(field, days, classes)[key]
        for rank, token in enumerate(tokens):
            start = max(0, min(rank - width // 2, len(values) - width))
            if token in values[start : start + width]:
                right.add(token)
    return len(total), len(right), sum(total[value] for value in right) / sum(total.values())


def known(target, field, day, classes):
    """Share of a day's time that rank alone matches with the same value of the day before, in this company."""
    total, right = target.totals(field, frozenset([day])), 0
    before = target.ranked(field, frozenset([day - 1]), classes)
    for key, values in target.ranked(field, frozenset([day]), classes).items():
        right += sum(total[new] for old, new in zip(before[key], values) if old == new)
    return right / sum(total.values())


def planted(target, minutes):
    """Share of plantings after which one token alone can be the planted page's.

    On the last day a page nobody had opened is opened by one agent within a window of so many minutes. Candidates are
    all
    addresses that this agent opens in the window and that had no token before.
    """
    rng = random.Random(f"{SEED} plant")
    first: dict = {}
    for day, agent, start, _, value in target.actions["url"]:
        moment = (day, start)
        first[value] = min(first.get(value, moment), moment)
    opened = defaultdict(list)
    for day, agent, start, _, value in target.actions["url"]:
        if day == DAYS - 1:
            opened[agent].append((start, first[value]))
    hits = 0
    for _ in range(500):
        begin = rng.randrange(7 * 3_600_000)
        end = begin + minutes * 60_000
        hits += not any(
            begin <= start < end and new >= (DAYS - 1, begin) for start, new in opened[rng.randrange(AGENTS)]
        )
    return hits / 500


@functools.cache
def table():
    rng = random.Random(f"{SEED} public")
    public = {field: lengths(rng, count, median) for field, (count, _, _, _, _, median) in FIELDS.items()}
    target, other = Company("target", public), Company("other", public)
    own, first, week = "sizes of section 14", frozenset([0]), frozenset(range(DAYS))
    percent = "{:.1%}".format
    lines = [
        "| field | tokens of a day | guessed right | their share of the time | value among ten candidates | their "
        "share of the time |",
        "|---" * 6 + "|",
    ]
    for field in FIELDS:
        count, right, share = attack(target, other, field, first, own)
        _, near, wide = attack(target, other, field, first, own, LIST)
        lines.append(
            f"| `{field}` | {count:,} | {right} ({percent(right / count)}) | {percent(share)} | {near} "
            f"({percent(near / count)}) | {percent(wide)} |"
        )
    lines += ["", "The share of the time in tokens whose value is among ten candidates, under other assumptions:", ""]
    lines += [
        "| variant | " + " | ".join(field.replace("_", " ") for field in FIELDS) + " |",
        "|---" * (len(FIELDS) + 1) + "|",
    ]

    def shares(days, classes):
        return [attack(target, other, field, days, classes, LIST)[2] for field in FIELDS]

    rows = {f"one day, {name}": shares(first, name) for name in CLASSES}
    rows["five days in one epoch"] = shares(week, own)
    daily = [shares(frozenset([day]), own) for day in range(DAYS)]
    rows["five days, rotated daily (mean of the days)"] = [sum(column) / DAYS for column in zip(*daily)]
    rows["one guess, by who knows this company's values and times of the day before"] = [
        sum(known(target, field, day, own) for day in range(1, DAYS)) / (DAYS - 1) for field in FIELDS
    ]
    lines += ["| " + " | ".join([name, *map(percent, row)]) + " |" for name, row in rows.items()]
    prose = (
        "The last row also says how well rank links tokens across a rotation. A page that the service plants with one "
        "person, who opens it within a known time, is found at once: its token is the only new one of that person in "
        f"{percent(planted(target, 1))} of the plantings for a window of one minute, in {percent(planted(target, 10))} "
        "for ten minutes."
    )
    lines += ["", *textwrap.wrap(prose, 120, break_long_words=False, break_on_hyphens=False)]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(
        prog="tools/run privacy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args(arguments)
    print(table(), end="")
    return 0
