"""Clients that a runner must convict: `liar.py KIND`. Each is the honest toy client but for one thing."""

import fcntl
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


globals()[KIND.replace("-", "_")]()
