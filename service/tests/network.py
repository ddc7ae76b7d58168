"""A path between an end and the service that cuts, halves, delays and repeats what goes through it."""

from __future__ import annotations

import itertools
import random
import socket
import threading
import time

# What becomes of connections, one after the other: as many as no pattern of requests repeats with.
FATES = ("whole", "repeated", "whole", "lost", "delayed", "whole", "whole", "halved", "whole", "repeated", "whole",
         "cut", "whole")


class BadNetwork:
    """Takes connections at a port of its own, and hands them on to `port`, which may change."""

    def __init__(self, port: int, seed: int = 1):
        self.port = port
        self.is_bad = True
        self.counts = dict.fromkeys(FATES, 0)
        self.fates = itertools.cycle(FATES)
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self) -> None:
        # A thread that waits in accept() is woken by this alone.
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()

    def accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(client, self.fate()), daemon=True).start()

    def fate(self) -> str:
        with self.lock:
            fate = next(self.fates) if self.is_bad else "whole"
            self.counts[fate] += 1
            return fate

    def carry(self, client: socket.socket, fate: str) -> None:
        with client:
            try:
                self.exchange(client, fate)
            except OSError:
                pass

    def exchange(self, client: socket.socket, fate: str) -> None:
        client.settimeout(60)
        if fate == "cut":
            return
        request = whole_message(client)
        if not request:
            return
        if fate == "delayed":
            time.sleep(self.random.uniform(0, 0.5))
        if fate == "halved":
            self.ask(request[:len(request) // 2])
            return
        answer = self.ask(request)
        if fate == "repeated":
            # As a peer does that believes that the first one was lost.
            answer = self.ask(request)
        if fate == "lost":
            return
        client.sendall(answer)

    def ask(self, request: bytes) -> bytes:
        """Sends a request, or a part of one; the answer, or what there is of it."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as server:
            server.sendall(request)
            if not is_whole(request):
                return b""
            return whole_message(server, of_head=request.startswith(b"HEAD "))


class Interrupted(BadNetwork):
    """A path that gives no answer to requests for one resource, whether they arrive or not."""

    def __init__(self, port: int, path: str, arrives: bool):
        self.path = path
        self.arrives = arrives
        self.seen = threading.Event()
        super().__init__(port)

    def exchange(self, client: socket.socket, fate: str) -> None:
        client.settimeout(60)
        request = whole_message(client)
        if not self.is_bad or self.path not in request.split(b"\r\n", 1)[0].decode():
            client.sendall(self.ask(request))
            return
        if self.arrives:
            self.ask(request)
        self.seen.set()


def is_whole(message: bytes) -> bool:
    head, end, body = message.partition(b"\r\n\r\n")
    return bool(end) and len(body) >= length_of(head)


def length_of(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def whole_message(peer: socket.socket, of_head: bool = False) -> bytes:
    """One request or answer; the service names the length of each. What was sent before a break, else."""
    message = b""
    while b"\r\n\r\n" not in message or not (of_head or is_whole(message)):
        piece = peer.recv(1 << 16)
        if not piece:
            break
        message += piece
    return message
