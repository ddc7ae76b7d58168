"""A real process that gets malformed lines between good ones, and answers each before it gets the next."""

import json
import subprocess
import sys
from pathlib import Path

import vectors

CLIENT = Path(__file__).resolve().parent.parent
HELLO = {"v": 1, "seq": 0, "cmd": "hello", "suite": "1.0.0", "spec": "1.0"}
HMAC = {"seq": 5, "cmd": "run", "op": "hmac", "in": {"key": "4a656665", "data": ""}}
MALFORMED = [
    b"",
    b" ",
    b"{",
    b"nonsense",
    b"[]",
    b"1",
    b"null",
    b'"text"',
    b"{}",
    b'{"seq":1}',
    b'{"seq":"1","cmd":"hello"}',
    b'{"seq":1,"cmd":1}',
    b'{"seq":1,"cmd":"other"}',
    b'{"seq":1,"cmd":"run"}',
    b'{"seq":1,"cmd":"run","op":1,"in":{}}',
    b'{"seq":1,"cmd":"run","op":"hmac"}',
    b'{"seq":1,"cmd":"run","op":"hmac","in":[]}',
    b'{"seq":1,"cmd":"run","op":"hmac","in":{"key":"4A","data":""}}',
    b'{"seq":NaN,"cmd":"hello"}',
    b'{"seq":1e999,"cmd":"hello"}',
    b'{"seq":' + b"9" * 10_000 + b',"cmd":"hello"}',
    b"[" * 100_000,
    b'{"seq":1,"cmd":"\xff\xfe"}',
    b'{"seq":1,"cmd":"\\ud800"}',
    b"\x00",
    b"\xef\xbb\xbf{}",
    b'{"seq":1,"cmd":"hello"} {}',
]


def start():
    return subprocess.Popen(
        [sys.executable, "-m", "endkey_client"], cwd=CLIENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def ask(client, line):
    client.stdin.write(line + b"\n")
    client.stdin.flush()
    return json.loads(client.stdout.readline())


def test_process(report):
    client = start()
    hello = ask(client, json.dumps(HELLO).encode())
    operations = {file["op"] for file in vectors.files()}
    report(set(hello["ops"]) >= operations, "hello names every operation", str(operations - set(hello["ops"])))
    report((hello["v"], hello["seq"]) == (1, 0), "hello has version and number")
    for line in MALFORMED:
        answer = ask(client, line)
        report(answer["outcome"] == "error" and answer["detail"], f"malformed line {line[:50]!r}", str(answer))
    answer = ask(client, b'{"seq":4,"cmd":"run","op":"no/such","in":{}}')
    report(answer["outcome"] == "unsupported" and answer["seq"] == 4, "an unknown operation", str(answer))
    answer = ask(client, json.dumps(HMAC).encode())
    report(answer["outcome"] == "ok" and answer["seq"] == 5, "a good line after all that", str(answer))
    client.stdin.write(b'{"seq":99,"cmd":"bye"}\n')
    client.stdin.flush()
    report(client.wait(300) == 0, "ends at bye")
    report(client.stdout.read() == b"", "says nothing to bye")
    client = start()
    client.communicate(b"", timeout=300)
    report(client.returncode == 0, "ends at the end of the input")
