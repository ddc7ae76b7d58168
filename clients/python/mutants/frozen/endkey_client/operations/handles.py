"""Operations with a handle."""

from ..agent import Agent
from ..arguments import Arguments
from ..errors import BadRequest, Refused
from ..handles import Handles
from ..owner import PersonsDevice
from .agent import pinned_agent, run_step
from .person import says, served
from .registry import Answer, operation
from .shared import typed

AGENTS: Handles[Agent] = Handles()
OWNERS: Handles[PersonsDevice] = Handles()

ACTS = ("edit", "renew_certificate", "rotate", "repair")


@operation("agent/open")
def agent_open(a: Arguments) -> Answer:
    agent = pinned_agent(a)
    return {"handle": AGENTS.add(agent), "phase": agent.phase}


@operation("agent/step")
def agent_step(a: Arguments) -> Answer:
    return run_step(AGENTS.of(a), a)


@operation("agent/close")
def agent_close(a: Arguments) -> Answer:
    AGENTS.close(a)
    return {}


@operation("owner/open")
def owner_open(a: Arguments) -> Answer:
    device = PersonsDevice(typed(a), a.boolean("durable"))
    return {"handle": OWNERS.add(device), "phase": device.phase}


@operation("owner/step")
def owner_step(a: Arguments) -> Answer:
    device = OWNERS.of(a)
    device.findings = []
    code = None
    try:
        take(device, a.text("event"), a)
    except Refused as refused:
        code = refused.code
    return {
        "phase": device.phase,
        "code": code,
        "findings": device.findings,
        "generation": device.generation(),
    }


def take(device: PersonsDevice, event: str, a: Arguments) -> None:
    said = a.object("says")
    if event in ACTS:
        device.act(event, says(said), a.number("now"))
    elif event == "request":
        device.request(message(a), says(said), a.number("now"))
    elif event == "open":
        device.open(served(messages(a)), said.boolean("password_changed"))
    elif event == "other":
        device.other(served(messages(a)), said.boolean("password_changed"))
    elif event == "confirm":
        device.confirm()
    elif event == "stored":
        device.stored()
    elif event == "no_answer":
        device.no_answer()
    elif event == "discard":
        device.discard()
    elif event == "lock":
        device.lock()
    elif event == "restart":
        device.restart()
    else:
        device.restart_lost()


def message(a: Arguments) -> bytes:
    if not a.has("message"):
        raise BadRequest("no message")
    return a.bytes("message")


def messages(a: Arguments) -> Arguments:
    if not a.has("messages"):
        raise BadRequest("no messages")
    return a.object("messages")


@operation("owner/close")
def owner_close(a: Arguments) -> Answer:
    OWNERS.close(a)
    return {}
