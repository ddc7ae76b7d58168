"""The vectors, and what the client answers to one."""

import json

from endkey_tools.suite import vector_files

from endkey_client.respond import respond


def files():
    return vector_files()


def run(op, inputs):
    return respond(json.dumps({"seq": 1, "cmd": "run", "op": op, "in": inputs}).encode())


def short(value):
    text = json.dumps(value)
    return text if len(text) <= 300 else f"{text[:200]} ... {text[-60:]}"
