"""Counts a run a second time, by its transcript and the suite alone: `recount.py SUITE TRANSCRIPT` prints, for each
vector that was asked, whether the last process that was asked it answered rightly, its twin among what it answered."""

import json
import sys
from pathlib import Path


def vectors(folder):
    for path in sorted(Path(folder).glob("*.json")):
        file = json.loads(path.read_text())
        if file.get("schema") == "endkey-vectors-1":
            yield from ({**test, "op": file["op"]} for test in file["tests"])


def key(op, given):
    return op, json.dumps(given, sort_keys=True)


def is_right(answer, expect):
    if answer.get("outcome") != expect["outcome"]:
        return False
    if expect["outcome"] == "ok":
        return json.dumps(answer["out"], sort_keys=True) == json.dumps(expect["out"], sort_keys=True)
    return ("out" not in answer and answer.get("code") == expect["code"]
            and answer.get("offset") == expect.get("offset"))


def once(pairs):
    keys = [name for name, _ in pairs]
    if len(set(keys)) < len(keys):
        raise ValueError("a key twice")
    return dict(pairs)


def answers(transcript):
    """What each process answered to each prompt, up to the first line that is none; its last prompts may have none."""
    open_prompts, told, broken = {}, {}, set()
    for line in Path(transcript).read_text().splitlines():
        event = json.loads(line)
        process = event["process"]
        if "sent" in event:
            sent = json.loads(event["sent"])
            if sent["cmd"] == "run":
                open_prompts.setdefault(process, {})[sent["seq"]] = key(sent["op"], sent["in"])
        elif "ended" not in event and process not in broken:
            try:
                answer = json.loads(event["wrote"], object_pairs_hook=once)
                if "client" not in answer:
                    allowed = {"ok": ["out", "trace"], "reject": ["code", "native", "offset", "trace", "out"],
                               "unsupported": ["reason"], "error": ["detail"]}[answer["outcome"]]
                    if set(answer) - {"seq", "outcome", *allowed} or type(answer["seq"]) is not int:
                        raise ValueError(answer)
                    told.setdefault(process, {})[open_prompts[process].pop(answer["seq"])] = answer
            except (KeyError, ValueError):
                broken.add(process)
    return told


def main(folder, transcript):
    suite = list(vectors(folder))
    told = answers(transcript)
    by_id = {vector["id"]: vector for vector in suite}

    def right(process, vector):
        answer = told[process].get(key(vector["op"], vector["in"]))
        return answer is not None and is_right(answer, vector["expect"])

    def passes(vector):
        return any(
            right(process, vector) and ("twin" not in vector or right(process, by_id[vector["twin"]]))
            for process in told)

    for vector in suite:
        if any(key(vector["op"], vector["in"]) in asked for asked in told.values()):
            print(vector["id"], "pass" if passes(vector) else "fail")


main(*sys.argv[1:])
