"""Clients that a runner must convict: `liar.py KIND`. Each is the honest toy client but for one thing."""

import base64
import fcntl
import hashlib
import json
import os
import random
import signal
import sys
import threading
import time

import toy

KIND = sys.argv[1]
POISON = "hash-7 has this input", bytes(7).hex()


def say(value, end="\n"):
    sys.stdout.write((value if isinstance(value, str) else json.dumps(value)) + end)
    sys.stdout.flush()


def requests():
    while line := sys.stdin.readline():
        yield json.loads(line)


def is_poison(request):
    return request.get("op") == "hash" and request["in"]["data"] == POISON[1]


def edited(edit):
    """The honest client, whose answers to prompts go through `edit`."""
    for request in requests():
        made = toy.answer(request)
        if made is None:
            return
        say(made if request["cmd"] == "hello" else edit(request, made))


def acting(act):
    """The honest client, which may `act` in place of an answer to a prompt: true if it did."""
    for request in requests():
        made = toy.answer(request)
        if made is None:
            return
        if request["cmd"] == "hello" or not act(request, made):
            say(made)


def forever(write):
    while True:
        write()


def be_late(do=lambda: time.sleep(600)):
    """Does this instead of answering. While this process holds the lock, time passes fast for the test."""
    fcntl.flock(os.open(os.environ["LATE"], os.O_RDONLY), fcntl.LOCK_EX)
    do()


# One function for each kind.


def honest():
    edited(lambda request, made: made)


def honest_and_loud():
    threading.Thread(target=forever, args=[lambda: sys.stderr.write("noise " * 1000)], daemon=True).start()
    honest()


def slow_writer():
    """Honest, in small pieces."""
    for request in requests():
        made = toy.answer(request)
        if made is None:
            return
        text = json.dumps(made)
        say(text[:9], end="")
        say(text[9:])


def always_accept():
    edited(lambda request, made: {"seq": made["seq"], "outcome": "ok", "out": {}})


def always_reject():
    edited(lambda request, made: {"seq": made["seq"], "outcome": "reject", "code": "password_open_failed"})


def echo():
    for request in requests():
        say(request)


def echo_after_hello():
    edited(lambda request, made: request)


def crash_at_start():
    sys.exit(9)


def crash_at_every_20th():
    count = 0

    def act(request, made):
        nonlocal count
        count += 1
        if count == 20:
            os._exit(3)

    acting(act)


def crash_on_input():
    acting(lambda request, made: os.kill(os.getpid(), signal.SIGSEGV) if is_poison(request) else False)


def crash_on_rejection():
    acting(lambda request, made: os._exit(1) if made["outcome"] == "reject" else False)


def hang_on_input():
    acting(lambda request, made: be_late() if is_poison(request) else False)


def hang():
    acting(lambda request, made: be_late())


def hang_at_start():
    be_late()


def replay():
    last = {"outcome": "ok", "out": {}}

    def edit(request, made):
        nonlocal last
        answer, last = {**last, "seq": made["seq"]}, made
        return answer

    edited(edit)


def bytes_on_rejection():
    edited(lambda request, made: {**made, "out": {"key": "00"}} if made["outcome"] == "reject" else made)


def one_long_line():
    def act(request, made):
        if is_poison(request):
            for _ in range(100):
                sys.stdout.write("x" * (1 << 20))
            sys.stdout.flush()
            be_late()

    acting(act)


def endless_line():
    acting(lambda request, made: forever(lambda: sys.stdout.write("x" * 65536)) if is_poison(request) else False)


def endless_lines():
    acting(lambda request, made: forever(lambda: say(made)) if is_poison(request) else False)


def endless_error():
    def act(request, made):
        if is_poison(request):
            be_late(lambda: forever(lambda: sys.stderr.write("x" * 65536)))

    acting(act)


def malformed():
    edited(lambda request, made: "{\"seq\":1," if is_poison(request) else made)


def duplicate_key():
    doubled = '{"seq":%d,"outcome":"ok","outcome":"ok","out":{}}'
    edited(lambda request, made: doubled % made["seq"] if is_poison(request) else made)


def unknown_key():
    edited(lambda request, made: {**made, "ofset": 3} if is_poison(request) else made)


def half_line():
    def act(request, made):
        if is_poison(request):
            say(json.dumps(made)[:10], end="")
            be_late()

    acting(act)


def half_line_and_exit():
    def act(request, made):
        if is_poison(request):
            say(json.dumps(made)[:10], end="")
            os._exit(0)

    acting(act)


def out_of_turn():
    held = None

    def act(request, made):
        nonlocal held
        if held is None and is_poison(request):
            held = made
            return True
        if held is not None:
            say(made)
            say(held)
            held = None
            return True

    acting(act)


def garbage():
    def act(request, made):
        if is_poison(request):
            sys.stdout.buffer.write(bytes(range(128, 256)) + b"\n")
            sys.stdout.flush()
            return True

    acting(act)


def close_input():
    def act(request, made):
        if is_poison(request):
            os.close(0)
            be_late()

    acting(act)


def close_output():
    def act(request, made):
        if is_poison(request):
            os.close(1)
            be_late()

    acting(act)


def leave_a_child():
    """Ends, and leaves a child that keeps the pipes open. The child's id goes into a file."""
    def act(request, made):
        if is_poison(request):
            child = os.fork()
            if child == 0:
                time.sleep(600)
            with open(sys.argv[2], "a") as file:
                file.write(f"{child}\n")
            os._exit(0)

    acting(act)


def twice():
    def act(request, made):
        if is_poison(request):
            say(made)
            say(made)
            return True

    acting(act)


def unknown_seq():
    edited(lambda request, made: {**made, "seq": made["seq"] + 100_000} if is_poison(request) else made)


def claim():
    """Claims an operation that it does not have."""
    toy.OPS["siv/seal"] = None
    del toy.OPS["hash"]
    for request in requests():
        made = toy.answer(request)
        if made is None:
            return
        say({**made, "ops": made["ops"] + ["hash"]} if request["cmd"] == "hello" else made)


def one_salt():
    toy.OPS["blob/seal-random"] = lambda given: toy.blob_seal({**given, "salt": bytes(24)})
    honest()


def one_salt_of_two():
    salts = [os.urandom(24), os.urandom(24)]
    toy.OPS["blob/seal-random"] = lambda given: toy.blob_seal({**given, "salt": random.choice(salts)})
    honest()


def seeded_salt():
    """Its generator starts alike in each process."""
    source = random.Random(1)
    toy.OPS["blob/seal-random"] = lambda given: toy.blob_seal({**given, "salt": source.randbytes(24)})
    honest()


def salt_of_another_size():
    def seal(given):
        return {"blob": toy.blob_seal({**given, "salt": os.urandom(24)})["blob"] + os.urandom(1)}

    toy.OPS["blob/seal-random"] = seal
    honest()


def salt_not_used():
    """Shows a fresh salt, but seals under another."""
    def seal(given):
        made = toy.blob_seal({**given, "salt": bytes(24)})["blob"]
        body = made[2:19] + os.urandom(24) + made[43:-16]
        return {"blob": b"EK" + body + toy.tag(given["agent_key"], body)}

    toy.OPS["blob/seal-random"] = seal
    honest()


def record():
    """Keeps each answer in a file, for `recorded`."""
    def edit(request, made):
        with open(sys.argv[2], "a") as file:
            file.write(json.dumps([request["op"], request["in"], {**made, "seq": 0}]) + "\n")
        return made

    edited(edit)


def recorded():
    """Computes nothing: answers as it was answered in another run."""
    with open(sys.argv[2]) as file:
        answers = {json.dumps(line[:2], sort_keys=True): line[2] for line in map(json.loads, file)}

    def edit(request, made):
        known = answers.get(json.dumps([request["op"], request["in"]], sort_keys=True))
        return {**(known or {"outcome": "reject", "code": "token_open_failed"}), "seq": request["seq"]}

    edited(edit)


def accept_negatives():
    edited(lambda request, made: {"seq": made["seq"], "outcome": "ok", "out": {"key": bytes(range(32, 64)).hex()}}
           if made.get("code") == "password_open_failed" else made)


def reject_one_operation():
    edited(lambda request, made: {"seq": made["seq"], "outcome": "reject", "code": "password_open_failed"}
           if request["op"] == "kw/unwrap" else made)


def tell_failures_apart():
    edited(lambda request, made: {**made, "native": "ERR_" + request["in"]["wrapped"][:2]}
           if made.get("code") == "password_open_failed" else made)


def wrong_offset():
    edited(lambda request, made: {**made, "offset": made["offset"] + 1} if "offset" in made else made)


def no_offset():
    edited(lambda request, made: {key: value for key, value in made.items() if key != "offset"})


def offset_of_nothing():
    """Gives a place to what has none."""
    edited(lambda request, made: {**made, "offset": 0} if made.get("code") == "no_epoch_key" else made)


def wrong_step():
    """Goes wrong at the second of two steps, and tells both."""
    def edit(request, made):
        if request["op"] == "kw/wrap":
            masked = bytes(32).hex()
            made = {**made, "out": {"wrapped": masked + made["out"]["wrapped"][64:]},
                    "trace": {"stream": toy.pad(bytes(range(32)), b"", bytes(32)).hex(), "masked": masked}}
        return made

    edited(edit)


def token_without_epoch():
    """Right where the suite looks, in epoch 1."""
    seal = toy.token_seal

    def alike(given):
        made = seal({**given, "epoch": 1})["token"]
        return {"token": made[:2] + given["epoch"].to_bytes(4, "big") + made[6:]}

    toy.OPS["token/seal"] = alike
    honest()


def token_with_a_nonce():
    """Right for the values of the suite, another token each time for others."""
    seal = toy.token_seal

    def fresh(given):
        return seal(given if given["value"] == bytes(len(given["value"])) else {**given, "token_key": os.urandom(64)})

    toy.OPS["token/seal"] = fresh
    honest()


def give_in():
    """An agent that believes the service."""
    step = toy.Agent.step

    def off(self, event):
        if event == "service_off" and self.phase == "active":
            self.phase = "unpinned"
        return step(self, event)

    toy.Agent.step = off
    honest()


def one_agent_for_all():
    """Closing does nothing: a handle goes on."""
    toy.OPS["agent/close"] = lambda given: {}
    honest()


def chatter():
    """A line more at the end."""
    for request in requests():
        made = toy.answer(request)
        if made is None:
            say({"seq": request["seq"], "outcome": "ok", "out": {}})
            return
        say(made)


def stay():
    """Ignores bye, and the end of its input."""
    for request in requests():
        made = toy.answer(request)
        say(made) if made else be_late()


def fail_at_the_end():
    honest()
    sys.exit(5)


def answer_anything():
    """Honest, and has every operation there is."""
    def anything(request, made):
        return {"seq": made["seq"], "outcome": "ok", "out": {}} if made["outcome"] == "unsupported" else made

    edited(anything)


def two_names():
    """Says another name after each start."""
    for request in requests():
        made = toy.answer(request)
        if made is None:
            return
        if request["cmd"] == "hello":
            made["client"]["version"] = str(os.getpid())
        elif is_poison(request):
            os._exit(1)
        say(made)


def acting_after(act):
    """The honest client, which may `act` after its answer to a prompt."""
    for request in requests():
        made = toy.answer(request)
        if made is None:
            return
        say(made)
        if request["cmd"] == "run":
            act(request)


def without(*ops):
    """The honest client, which does not claim these operations."""
    for op in ops:
        del toy.OPS[op]
    honest()


# What happens after an answer, or between two prompts.


def die_after_the_answer():
    acting_after(lambda request: os._exit(4) if is_poison(request) else None)


def die_between():
    """Dies once when it is not asked anything: after the end of the vectors."""
    def act(request):
        if request["op"] == "no/such-operation" and not os.path.exists(sys.argv[2]):
            open(sys.argv[2], "w").close()
            os._exit(4)

    acting_after(act)


def log_after_the_answer():
    acting_after(lambda request: say("computed a hash") if is_poison(request) else None)


def log_before_the_answer():
    acting(lambda request, made: say("computing a hash") if is_poison(request) else False)


def blank_line():
    acting_after(lambda request: say("") if is_poison(request) else None)


def second_of_long_ago():
    held = None

    def act(request):
        nonlocal held
        if is_poison(request):
            held = toy.answer(request)
        elif held and request["op"] == "no/such-operation":
            say(held)

    acting_after(act)


# Processes.


def leave_the_group():
    """Moves into the group of its parent, and hangs."""
    def act(request, made):
        if is_poison(request):
            os.setpgid(0, os.getpgid(os.getppid()))
            be_late()

    acting(act)


# Handles.


def closed(act):
    """Does `act` in place of the answer to a step on a closed handle."""
    handles = set()

    def edit(request, made):
        if request["op"] == "agent/close":
            handles.add(request["in"]["handle"])
        elif request["op"] == "agent/step" and request["in"]["handle"] in handles:
            return act(made)
        return made

    edited(edit)


def crash_on_a_closed_handle():
    closed(lambda made: os._exit(3))


def hang_on_a_closed_handle():
    closed(lambda made: be_late())


def garbage_on_a_closed_handle():
    closed(lambda made: "nothing")


def reject_a_closed_handle():
    closed(lambda made: {"seq": made["seq"], "outcome": "reject", "code": "stopped"})


def close_gives_a_key():
    toy.OPS["agent/close"] = lambda given: toy.agent_close(given) | {"master_key": bytes(32)}
    honest()


def only_late_events_fail():
    """Closing does nothing, but an event that there is not is an error."""
    toy.OPS["agent/close"] = lambda given: {}
    step = toy.Agent.step

    def strict(self, event):
        if event not in ["activity", "state", "service_off"]:
            raise ValueError(event)
        return step(self, event)

    toy.Agent.step = strict
    honest()


def one_agent_behind_all_handles():
    """Each handle is known until it is closed, and the agent behind all of them is the one opened last."""
    step = toy.agent_step

    def one(given):
        if toy.Agent.handles[given["handle"]] is None:
            raise ValueError("closed")
        last = max(handle for handle, agent in toy.Agent.handles.items() if agent)
        return step({**given, "handle": last})

    toy.OPS["agent/step"] = one
    honest()


def close_closes_all():
    def close(given):
        for handle in toy.Agent.handles:
            toy.Agent.handles[handle] = None
        return {}

    toy.OPS["agent/close"] = close
    honest()


def one_handle():
    """The handle is always the same number."""
    def opened(given):
        toy.Agent.handles[1] = toy.Agent()
        return {"handle": 1, "phase": "pinned"}

    toy.OPS["agent/open"] = opened
    honest()


# Weak randomness.


def salted(salt):
    """Its salts are those of `salt`."""
    toy.OPS["blob/seal-random"] = lambda given: toy.blob_seal({**given, "salt": salt()})
    honest()


def salt_of_a_clock():
    salted(lambda: time.time_ns().to_bytes(24, "big"))


def salt_of_a_clock_and_more():
    salted(lambda: time.time_ns().to_bytes(8, "big") + os.urandom(16))


def salt_of_a_counter():
    number = int.from_bytes(os.urandom(24), "big")

    def count():
        nonlocal number
        number = (number + 0x9e3779b97f4a7c159e3779b97f4a7c159e3779b97f4a7c15) % (1 << 192)
        return number.to_bytes(24, "little")

    salted(count)


def salt_that_repeats_after_32():
    salts = [os.urandom(24) for _ in range(32)]
    count = 0

    def next_one():
        nonlocal count
        count += 1
        return salts[count % 32]

    salted(next_one)


def salt_with_a_prefix():
    salted(lambda: b"acme" + os.urandom(20))


def salt_by_process():
    source = random.Random(os.getpid())
    salted(lambda: source.randbytes(24))


def salt_pool_of_16():
    """One of sixteen, and something random after it."""
    pool = [os.urandom(8) for _ in range(16)]
    salted(lambda: random.choice(pool) + os.urandom(16))


def salt_in_ascii():
    salted(lambda: os.urandom(12).hex().encode())


def salt_in_letters():
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    salted(lambda: bytes(letters[byte % 64] for byte in os.urandom(24)))


def salt_doubled():
    salted(lambda: os.urandom(12) * 2)


def salt_of_two_related_bytes():
    def related():
        salt = os.urandom(23)
        return salt + bytes([salt[3] ^ 0x5a])

    salted(related)


def salt_of_a_byte():
    """Looks random, and is one of 256."""
    source = os.urandom(16)
    salted(lambda: hashlib.sha256(source + os.urandom(1)).digest()[:24])


def salt_by_input():
    """Random for the first input that it sees, one constant for each other."""
    first = None

    def seal(given):
        nonlocal first
        first = first or given["content"]
        salt = os.urandom(24) if given["content"] == first else hashlib.sha256(given["content"]).digest()[:24]
        return toy.blob_seal({**given, "salt": salt})

    toy.OPS["blob/seal-random"] = seal
    honest()


def random_bytes():
    """Seals nothing, and claims nothing that could show it."""
    def noise(given):
        return {"blob": os.urandom(len(toy.blob_seal({**given, "salt": bytes(24)})["blob"]))}

    toy.OPS["blob/seal-random"] = noise
    without("blob/seal", "blob/open")


# Hello.


def hello(edit):
    """The honest client, whose hello goes through `edit`."""
    for request in requests():
        made = toy.answer(request)
        if made is None:
            return
        say(edit(made) if request["cmd"] == "hello" else made)


def claim_what_does_not_exist():
    hello(lambda made: {**made, "ops": made["ops"] + ["token/opne"]})


def kelvin():
    """Claims an operation by a name that looks alike: the K of its type is the Kelvin sign."""
    hello(lambda made: {**made, "ops": made["ops"] + ["wire/Person\u212aeys"]})


def kelvin_after_a_restart():
    """The same name to the eye, after each start another by its bytes."""
    name = "\u212a" if os.path.exists(sys.argv[2]) else "K"
    open(sys.argv[2], "w").close()
    for request in requests():
        made = toy.answer(request)
        if made is None:
            return
        if request["cmd"] == "hello":
            made["client"]["name"] = name
        elif is_poison(request):
            os._exit(1)
        say(made)


def name_in_another_direction():
    hello(lambda made: {**made, "client": {"name": "toy\u202eyot<&\u2066", "version": "\u200f1"}})


# Much.


def much_text():
    """Answers of as many bytes as the runner reads."""
    def edit(request, made):
        return {**made, "out": {"hash": "00" * 100_000, "more": "x" * 40_000}} if request["op"] == "hash" else made

    edited(edit)


def longer_than_any_answer():
    edited(lambda request, made: {**made, "out": {"hash": "00" * (1 << 20)}} if is_poison(request) else made)


# Mistakes.


def banner():
    print("toy 1.0 is ready", flush=True)
    honest()


def debug_line():
    acting(lambda request, made: print("debug: answering", flush=True))


def no_flush():
    """Keeps its answers back until its input ends."""
    fcntl.flock(os.open(os.environ["LATE"], os.O_RDONLY), fcntl.LOCK_EX)
    held = [json.dumps(toy.answer(request)) for request in requests()]
    print("\n".join(held))


def no_flush_after_hello():
    held = []
    for request in requests():
        if request["cmd"] == "hello":
            say(toy.answer(request))
            fcntl.flock(os.open(os.environ["LATE"], os.O_RDONLY), fcntl.LOCK_EX)
        else:
            held.append(json.dumps(toy.answer(request)))
    print("\n".join(held))


def pretty():
    edited(lambda request, made: json.dumps(made, indent=2))


def pretty_hello():
    hello(lambda made: json.dumps(made, indent=2))


def byte_order_mark():
    edited(lambda request, made: "\ufeff" + json.dumps(made))


def utf_16():
    for request in requests():
        sys.stdout.buffer.write((json.dumps(toy.answer(request)) + "\n").encode("utf-16"))
        sys.stdout.flush()


def in_hex(change):
    """The honest client, whose bytes go through `change`."""
    def changed(value):
        if isinstance(value, dict):
            return {key: one if key in toy.TEXTS else changed(one) for key, one in value.items()}
        return change(value) if isinstance(value, str) else value

    edited(lambda request, made: {**made, "out": changed(made["out"])} if "out" in made else made)


def upper_case_hex():
    in_hex(str.upper)


def base64_for_hex():
    in_hex(lambda value: base64.b64encode(bytes.fromhex(value)).decode())


def seq_as_text():
    edited(lambda request, made: {**made, "seq": str(made["seq"])})


def expected_copied():
    edited(lambda request, made: {**made, "layer": "crypto"} if made["outcome"] == "reject" else made)


def null_for_nothing():
    edited(lambda request, made: {**made, "native": None})


def no_json():
    edited(lambda request, made: str(made))


def list_of_answers():
    edited(lambda request, made: [made])


def prompt_given_back():
    edited(lambda request, made: {**request, **made})


def hello_of_an_answer():
    hello(lambda made: {"seq": made["seq"], "outcome": "ok", "out": {}})


def end_at_once():
    pass


def mistyped_code():
    edited(lambda request, made: {**made, "code": "password-open-faild"}
           if made.get("code") == "password_open_failed" else made)


def native_alone():
    def edit(request, made):
        if made["outcome"] != "reject":
            return made
        return {"seq": made["seq"], "outcome": "reject", "native": "ERR_TAGG"}

    edited(edit)


def unsupported_without_reason():
    edited(lambda request, made: {"seq": made["seq"], "outcome": "unsupported"} if is_poison(request) else made)


def wrong_after_20():
    """Wrong from its twentieth prompt on: right by itself."""
    count = 0

    def edit(request, made):
        nonlocal count
        count += 1
        return {**made, "out": {"hash": bytes(32).hex()}} if request["op"] == "hash" and count > 20 else made

    edited(edit)


globals()[KIND.replace("-", "_")]()
