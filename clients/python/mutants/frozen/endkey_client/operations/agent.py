"""The agent."""

from .. import batches, blobs, captures, clock, enrolment, grants, keys, local_state, machines, spool, states, tokens
from ..agent import Agent
from ..arguments import Arguments
from ..enums import BlobField, GrantKind, RecordKind, TokenField
from ..errors import Refused
from ..texts.secrets import EnrolmentCode
from ..wire.contents import ScopedKeys
from ..wire.messages import BlobReference, Item, Record, Token
from .registry import Answer, operation
from .shared import account_keys, optional_state


@operation("enrolment/request")
def enrolment_request(a: Arguments) -> Answer:
    own = account_keys(a)
    request = enrolment.make_request(EnrolmentCode.decode(a.text("code").encode()), own, a.bytes("nonce"))
    return {"request": request.write().hex(), "agent_id": keys.id_of(own).hex()}


@operation("state/accept")
def state_accept(a: Arguments) -> Answer:
    last = optional_state(a, "last")
    least_generation = a.number("least_generation") if a.has("least_generation") else None
    accepted = states.accept_state(a.bytes("message"), a.bytes("account_id"), last, least_generation)
    return {
        "changed": accepted.changed,
        "listed": a.has("agent_id") and a.bytes("agent_id") in accepted.state.revoked,
        "keys_fit": last is not None and states.same_keys(accepted.state, last),
    }


def since(a: Arguments) -> clock.Since:
    return clock.Since(a.number("generation"), a.number("least"), a.number("running"))


@operation("clock/accept")
def clock_accept(a: Arguments) -> Answer:
    terms, state = a.object("terms"), a.object("state")
    anchor = clock.anchor(terms.number("made"), terms.number("age"))
    return {"least": clock.accept(anchor, a.optional("last", since), state.number("generation"), state.number("made"))}


@operation("clock/now")
def clock_now(a: Arguments) -> Answer:
    now = clock.now(a.number("wall"), a.number("least"), a.number("running"))
    clock.check_expiry(now, a.number("valid_until"))
    return {"now": now}


@operation("grant/open")
def grant_open(a: Arguments) -> Answer:
    recipient = grants.Recipient(
        a.bytes("account_id"), optional_state(a, "state"), a.enum("kind", GrantKind), account_keys(a),
        a.boolean("keys_held"))
    granted = grants.open_grant(a.bytes("grant"), recipient)
    if granted is None:
        return {"kind": "unchanged"}
    if isinstance(granted, ScopedKeys):
        return {"kind": "scoped", "token_key": granted.token_key.hex(), "agent_key": granted.agent_key.hex()}
    return {"kind": "master", "master_key": granted.hex()}


@operation("token/seal")
def token_seal(a: Arguments) -> Answer:
    token = tokens.seal_token(
        a.bytes("token_key"), a.bytes("account_id"), a.number("epoch"), a.enum("field", TokenField),
        a.bytes("value"))
    return {"token": token.write().hex()}


@operation("blob/seal")
def blob_seal(a: Arguments) -> Answer:
    blob = blobs.seal_blob(
        a.bytes("agent_key"), a.bytes("account_id"), a.number("epoch"), a.bytes("agent_id"),
        a.enum("field", BlobField), a.bytes("salt"), a.bytes("content"))
    return {"blob": blob.write().hex()}


@operation("capture/value")
def capture_value(a: Arguments) -> Answer:
    return {"value": captures.token_value(a.bytes("text")).hex()}


@operation("capture/seal")
def capture_seal(a: Arguments) -> Answer:
    sealer = captures.Sealer(
        a.bytes("account_id"), a.number("epoch"), a.bytes("agent_id"),
        ScopedKeys(a.bytes("token_key"), a.bytes("agent_key")))
    records, sealed = sealer.seal(a.bytes_list("captures"), a.bytes_list("salts"))
    return {"records": [record.write().hex() for record in records], "blobs": [blob.hex() for blob in sealed]}


def item(a: Arguments) -> Item:
    if "token" in a.values:
        return Item.of(Token.parse(a.bytes("token")))
    return Item.of(BlobReference.parse(a.bytes("blob")))


def record(a: Arguments) -> Record:
    return Record(a.enum("kind", RecordKind), a.number("start"), a.number("duration"), a.objects("items", item))


@operation("batch/sign")
def batch_sign(a: Arguments) -> Answer:
    state = batches.AcceptedState(a.number("state_generation"), a.number("state_counter"), a.bytes("state"))
    batch = batches.sign_batch(
        a.bytes("seed"), a.bytes("account_id"), a.number("epoch"), a.bytes("agent_id"), a.number("sequence"),
        a.bytes("previous"), a.number("made"), state, a.objects("records", record))
    return {"batch": batch.hex()}


@operation("spool/recover")
def spool_recover(a: Arguments) -> Answer:
    error = None
    try:
        recovered = spool.recover(
            a.bytes("device_key"), a.bytes("account_id"), a.bytes("agent_id"), a.bytes("segment"))
    except Refused as refused:
        error = refused.code
        recovered = spool.Recovered()
    return {
        "error": error,
        "payloads": [payload.hex() for payload in recovered.payloads],
        "damage": [{"offset": d.offset, "length": d.length, "code": d.code} for d in recovered.damage],
        "notes": [{"offset": note.offset, "code": note.code} for note in recovered.notes],
        "torn": recovered.torn,
    }


@operation("local-state/open")
def local_state_open(a: Arguments) -> Answer:
    return {"contents": local_state.open_local_state(a.bytes("message"), a.bytes("device_key")).hex()}


@operation("agent/machine")
def agent_machine(a: Arguments) -> Answer:
    step = machines.step(machines.AGENT, a.text("phase"), a.text("event"))
    return {"next": step.next, "error": step.error}


def pinned_agent(a: Arguments) -> Agent:
    """It has pinned the code and sent its request."""
    return Agent.pin(a.text("code").encode(), account_keys(a), a.bytes("nonce"))


@operation("agent/run")
def agent_run(a: Arguments) -> Answer:
    agent = pinned_agent(a)
    return {"results": a.objects("steps", lambda step: run_step(agent, step))}


def run_step(agent: Agent, a: Arguments) -> Answer:
    wall = a.number("wall")
    agent.run(a.number("runs"))
    code = None
    try:
        agent.take(a.text("event"), a.optional_bytes("message") or b"", wall)
    except Refused as refused:
        code = refused.code
    return {"phase": agent.phase, "code": code, "now": agent.now(wall)}
