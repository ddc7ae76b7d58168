"""Exhaustive searches with a clock of the protocol: what Spin and Maude do not count.

Each case is one set of rules, as stated in spec/formal/README.md or with one of them changed, and says in a
line what it found; the runner compares that with expected.toml. Days are in steps of ten.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

STEP = 10
LAST_DAY = 200
COUNTER_MAX = 2**53 - 1
EPOCH_MAX = 2**32 - 1


class State(NamedTuple):
    """An AccountState as an agent sees it; days for times."""

    generation: int
    counter: int
    epoch: int
    key: str
    made: int
    until: int


class Memory(NamedTuple):
    """What an agent remembers: `anchor` is what its code carries and all that it has run since then."""

    state: State | None
    least: int
    running: int
    anchor: int
    keys: tuple[int, int, str] | None


@dataclass(frozen=True)
class Rules:
    """The rules, and who does what; each default is the rule as stated."""

    code_carries: str = "made"  # or "from", the day of the generation's first list, or "nothing"
    anchor: str = "own"  # or "from": raised to, and set back to, the `from` of an accepted list; or "none"
    running: str = "added"  # or "zero": what ran since the state before is forgotten
    expiry: bool = True
    certificate_bounds: bool = True
    wipe: bool = True
    pinned: int = 0  # the day on which the agent is given its code
    code_made: int = 0
    manager_kept_until: int = 90  # the last day on which the honest manager, kept on the old line, renews its state
    removed_person_helps: bool = True
    lost_act: bool = False  # a root act of day 25 that lists R died; its certificate is out, and ends on day 115


FROM = {1: 0, 2: 25, 3: 30}


def certificate_end(rules: Rules, generation: int, day: int) -> int:
    return {1: 90, 2: 115 if rules.lost_act else day + 60, 3: day + 60}[generation]


def accepts(kept: State | None, new: State) -> bool:
    if kept is None or new.generation != kept.generation:
        return kept is None or new.generation > kept.generation
    if new.counter <= kept.counter or new.epoch < kept.epoch:
        return False
    return new.epoch > kept.epoch or new.key == kept.key


def taken(rules: Rules, memory: Memory, new: State) -> Memory | None:
    """The memory after a state was shown; None if nothing changes."""
    kept = memory.state
    if kept == new or not accepts(kept, new):
        return None
    anchor = memory.anchor
    if rules.anchor == "from":
        back = kept is not None and new.generation > kept.generation and FROM[new.generation] < FROM[kept.generation]
        anchor = FROM[new.generation] if back else max(anchor, FROM[new.generation])
    if kept is not None and kept.generation == new.generation:
        least = new.made if rules.running == "zero" else max(memory.least + memory.running, new.made)
    elif rules.anchor == "none" or (kept is None and rules.code_carries == "nothing"):
        least = new.made
    else:
        least = max(new.made, anchor)
    same = memory.keys == (new.generation, new.epoch, new.key)
    return Memory(new, least, 0, anchor, memory.keys if same or not rules.wipe else None)


def signed_by_honest_ends(rules: Rules, day: int) -> Iterator[State]:
    """What the owner and the manager sign on a day: B, an agent, is removed on day 20, R, a person, on day 30."""
    newest = 3 if rules.lost_act else 2
    if day < 20 or (day <= rules.manager_kept_until and day < 90):
        yield State(1, 10 + day, 2, "m2", day, min(day + 60, 90))
    if day == 20:
        yield State(1, 31, 3, "m3", day, 80)
    if day >= 30:
        yield State(newest, 40 + day, 4, "m4", day, day + 60)


def signed_by_removed_person(rules: Rules, day: int) -> Iterator[State]:
    for generation in (1, 2) if rules.lost_act and day >= 25 else (1,):
        start, end = FROM[generation], certificate_end(rules, generation, day)
        for counter, (epoch, key), made in itertools.product(
            (25 + day, COUNTER_MAX), ((2, "m2"), (3, "x3")), {start, max(day, start), end - STEP}
        ):
            if made < end:
                yield State(generation, counter, epoch, key, made, end if rules.certificate_bounds else made + 400)


def reachable(rules: Rules, memories: Iterable[Memory], shown: list[State]) -> set[Memory]:
    """Everything that can be remembered at the end of a day on which any of these states and grants are shown."""
    todo = list(memories)
    seen = set(todo)
    while todo:
        memory = todo.pop()
        following = [taken(rules, memory, state) for state in shown]
        if state := memory.state:
            following.append(memory._replace(keys=(state.generation, state.epoch, state.key)))
        for new in following:
            if new is not None and new not in seen:
                seen.add(new)
                todo.append(new)
    return seen


def isolated_agent(rules: Rules) -> str:
    """One agent that the service isolates, its wall clock held back; every order of every state and grant."""
    carried = {"made": rules.code_made, "from": FROM[1], "nothing": 0}[rules.code_carries]
    memories = {Memory(None, 0, 0, carried, None)}
    stock: list[State] = []
    situations = mixed = stuck = read_by_agent = read_by_person = 0
    for day in range(0, LAST_DAY, STEP):
        today = list(signed_by_honest_ends(rules, day))
        stock += today
        if day < rules.pinned:
            continue
        evil = list(signed_by_removed_person(rules, day)) if rules.removed_person_helps else []
        memories = reachable(rules, memories, stock + evil)
        for memory in memories:
            situations += 1
            state, keys = memory.state, memory.keys
            if state and keys:
                mixed += keys != (state.generation, state.epoch, state.key)
                if not rules.expiry or memory.least + memory.running < state.until:
                    if keys[2] == "m2":
                        read_by_agent = day
                    if keys[2] in ("m2", "m3", "x3"):
                        read_by_person = day
            # The owner's newest state, at an agent whose wall clock is right.
            if day >= 30:
                newest = today[-1]
                after = memory if state == newest else taken(rules, memory, newest)
                stuck += after is None or max(day, after.least + after.running) >= newest.until
        memories = {
            memory._replace(running=min(memory.running + STEP, 500), anchor=memory.anchor + STEP) for memory in memories
        }
    return (
        f"{situations} situations, {mixed} mixed, {stuck} stuck; the removed agent reads what is made until day "
        f"{read_by_agent}, the removed person until day {read_by_person}"
    )


def opens(password: str, wrap: tuple[str, int, str], state: tuple[int, str], grant: bool, rule: str) -> str:
    """How an owner's end opens the state's MK by a wrap (head, epoch, MK) or by its grant."""
    if wrap[1] == state[0]:
        if wrap[0] != password and rule != "absent":
            return "locked out"
        if wrap[0] == password and wrap[2] == state[1]:
            return "opens"
        if wrap[0] == password and rule == "final":
            return "locked out"
    return "opens" if grant else "locked out"


def wraps(rule: str, together: bool, beside: bool) -> str:
    """Every order of arrival of the owner's messages: a new password, a rotation, wraps of both and of a lost line.

    `rule`: a wrap that does not open or fit counts as absent ("absent"), only one that opens and does not fit ("fit"),
    or none ("final"). `together`: new PersonKeys travel with a wrap. `beside`: the service takes a wrap only beside the
    PersonKeys that it was made with.
    """
    locked = 0
    orders = 0
    messages: list[tuple[str, ...]] = [("both",)] if together else [("keys",), ("wrap", "new", "1", "m1")]
    messages += [("wrap", "old", "2", "d2"), ("wrap", "old", "2", "m2"), ("wrap", "new", "2", "m2"), ("rotation",)]
    for order in itertools.permutations(messages):
        password, wrap, state = "old", ("old", 1, "m1"), (1, "m1")
        for message in order:
            if message[0] in ("keys", "both"):
                password = "new"
                wrap = ("new", *state) if message[0] == "both" else wrap
            elif message[0] == "rotation":
                state = (2, "m2")
            elif not beside or message[1] == password:
                wrap = (message[1], int(message[2]), message[3])
            orders += 1
            locked += opens(password, wrap, state, True, rule) == "locked out"
    return f"{orders} situations, {locked} locked out although the grant is there"


def crashes(atomic: bool) -> str:
    """Two persons rotate; each may crash after each step. Is there a whole that no listed person can open?"""
    runs = lost = 0
    steps = [(person, step) for person in "OM" for step in (0, 1)]
    for order in itertools.permutations(steps):
        if any(order.index((person, 0)) > order.index((person, 1)) for person in "OM"):
            continue
        for done in itertools.product(range(3), repeat=2):
            runs += 1
            held, grants = "first", {"first"}
            for person, step in order:
                if step >= done["OM".index(person)]:
                    continue
                if step == 0 and held == "first":
                    held = person
                    grants |= {person} if atomic else set()
                elif step == 1 and held == person:
                    grants.add(person)
            lost += held not in grants
    return f"{runs} runs, {lost} with a whole that nobody opens"


class Whole(NamedTuple):
    """What a person's end opens: the state, the vault's counter, and the pairs (generation, counter) that it notes."""

    state: State
    vault: int
    notes: frozenset[tuple[int, int, str]]


def noted(state: State) -> tuple[int, int, str]:
    return state.generation, state.counter, state.key


def wholes() -> list[Whole]:
    """Honest ones of three generations, dead ones, and those of persons who drive each number to its end."""
    line = [
        State(1, 1, 1, "m1", 0, 60),
        State(1, 2, 2, "m2", 10, 70),
        State(2, 4, 3, "m3", 30, 90),
        State(3, 6, 5, "m5", 50, 110),
    ]
    honest = [Whole(state, 20 + place, frozenset(map(noted, line[: place + 1]))) for place, state in enumerate(line)]
    others = [
        State(generation, counter, epoch, "x", made, 90)
        for generation in (1, 2, 3)
        for counter in (5, COUNTER_MAX)
        for epoch in (3, EPOCH_MAX)
        for made in (20, 83)
    ]
    return honest + [
        Whole(state, vault, frozenset({noted(line[0]), noted(state)}))
        for state in others
        for vault in (20, COUNTER_MAX)
    ]


def root_acts(free: bool, findings: bool, confirmed_clock: bool) -> str:
    """The owner's root act from every last whole, then shown to an end with every pin that those wholes can leave.

    `free`: it chooses counters and epoch, else each is one more. `findings`: in a greater generation an end only shows
    that counter and notes do not fit. `confirmed_clock`: it goes on when the person has confirmed a clock that is
    behind `made`.
    """
    impossible = refused = acts = 0
    every = wholes()
    for last, now in itertools.product(every, (30, 95)):
        acts += 1
        state = last.state
        driven = COUNTER_MAX in (state.counter, last.vault) or state.epoch == EPOCH_MAX
        if (driven and not free) or (now < state.made and not confirmed_clock):
            impossible += 1
            continue
        epoch = 1 if state.epoch == EPOCH_MAX else state.epoch + 1
        new = State(4, 1 if free else state.counter + 1, epoch, "new", now, now + 60)
        whole = Whole(new, 1 if free else last.vault + 1, last.notes | {noted(new)})
        for pinned in every:
            clean = whole.vault > pinned.vault and noted(pinned.state) in whole.notes
            refused += not accepts(pinned.state, new) or not (findings or clean)
    return f"{acts} root acts, {impossible} impossible; refused by ends with pins: {refused}"


CASES: dict[str, Callable[[], str]] = {
    "as stated": lambda: isolated_agent(Rules()),
    "the manager hears of it on day 20": lambda: isolated_agent(Rules(manager_kept_until=20)),
    "and the removed person helps nobody": lambda: isolated_agent(
        Rules(manager_kept_until=20, removed_person_helps=False)
    ),
    "a lost root act lists the removed person": lambda: isolated_agent(Rules(lost_act=True)),
    "a code of day 60, used then": lambda: isolated_agent(Rules(pinned=60, code_made=60)),
    "a code of day 60 that carries `from`": lambda: isolated_agent(Rules(pinned=60, code_made=60, code_carries="from")),
    "a code that carries nothing": lambda: isolated_agent(Rules(code_carries="nothing")),
    "a lost root act, no anchor": lambda: isolated_agent(Rules(lost_act=True, anchor="none")),
    "a lost root act, anchor by `from`": lambda: isolated_agent(Rules(lost_act=True, anchor="from")),
    "running is forgotten": lambda: isolated_agent(Rules(running="zero")),
    "no expiry": lambda: isolated_agent(Rules(expiry=False)),
    "the certificate bounds nothing": lambda: isolated_agent(Rules(certificate_bounds=False)),
    "keys are not wiped": lambda: isolated_agent(Rules(wipe=False)),
    "wraps as stated": lambda: wraps("absent", True, False),
    "wraps beside their PersonKeys": lambda: wraps("absent", True, True),
    "wraps that do not open are final": lambda: wraps("fit", True, False),
    "PersonKeys without a wrap, wraps that do not open are final": lambda: wraps("fit", False, True),
    "wraps are final": lambda: wraps("final", True, True),
    "root acts as stated": lambda: root_acts(True, True, True),
    "root acts with numbers one more": lambda: root_acts(False, True, True),
    "findings are refusals": lambda: root_acts(True, False, True),
    "root acts wait for the clock": lambda: root_acts(True, True, False),
    "crashes as stated": lambda: crashes(True),
    "master grants after the publication": lambda: crashes(False),
}
