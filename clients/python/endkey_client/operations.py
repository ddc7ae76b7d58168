"""The operations of vectors/README.md: JSON values in, JSON values out. Each calls what the other modules do."""

import os
from collections.abc import Callable
from typing import Any

from . import (
    backend,
    batches,
    blobs,
    enrolment,
    grants,
    keys,
    local_state,
    machines,
    passwords,
    private_keys,
    rules,
    scanner,
    spool,
    states,
    tokens,
    vault,
)
from .agent import Agent
from .arguments import Arguments
from .enums import Approval, BlobField, Category, GrantKind, RecordKind, Role, TokenField
from .errors import Refused
from .handles import Handles
from .labels import HASH_LABELS
from .limits import ITERATIONS_MAX
from .owner import Memory, OwnerDevice, Stored
from .primitives import chunked, ed25519, hkdf, kw, oaep, pbkdf2, rsa, siv
from .primitives.hashes import labelled_hash
from .texts import prefixed, secret_text
from .wire.account_state import AccountState
from .wire.enrolment_request import EnrolmentRequest
from .wire.grant import Grant, ScopedKeys
from .wire.local_state import LocalState
from .wire.owner_vault import OwnerVault
from .wire.password_wrap import PasswordWrap
from .wire.private_keys import AccountKeys, PrivateKeys
from .wire.record_batch import Item, Record, RecordBatch
from .wire.rule_set import RuleSet
from .wire.sealed_blob import BlobReference, SealedBlob
from .wire.spool_header import SpoolHeader
from .wire.token import Token
from .wire.vault_contents import Code, RuleDefinition

Operation = Callable[[Arguments], dict[str, Any]]

OPERATIONS: dict[str, Operation] = {}



def operation(name: str) -> Callable[[Operation], Operation]:
    def register(function: Operation) -> Operation:
        OPERATIONS[name] = function
        return function

    return register


# Primitives and derivations


@operation("hash")
def hash_operation(a: Arguments) -> dict[str, Any]:
    return {"hash": labelled_hash(a.choice("label", HASH_LABELS), a.bytes("data")).hex()}


@operation("derive")
def derive_operation(a: Arguments) -> dict[str, Any]:
    return {"key": hkdf.derive(a.bytes("key"), a.choice("label", hkdf.LENGTHS), a.bytes("context")).hex()}


@operation("pbkdf2")
def pbkdf2_operation(a: Arguments) -> dict[str, Any]:
    iterations = a.number("iterations", 1, ITERATIONS_MAX)
    return {"key": pbkdf2.pbkdf2(a.bytes("password"), a.bytes("salt"), iterations).hex()}


@operation("hmac")
def hmac_operation(a: Arguments) -> dict[str, Any]:
    return {"mac": backend.hmac_sha256(a.bytes("key"), a.bytes("data")).hex()}


@operation("kw/wrap")
def kw_wrap(a: Arguments) -> dict[str, Any]:
    return {"wrapped": kw.wrap(a.bytes("kek", 32), a.bytes("key", 32)).hex()}


@operation("kw/unwrap")
def kw_unwrap(a: Arguments) -> dict[str, Any]:
    return {"key": kw.unwrap(a.bytes("kek", 32), a.bytes("wrapped")).hex()}


@operation("oaep/encrypt")
def oaep_encrypt(a: Arguments) -> dict[str, Any]:
    modulus = a.bytes("modulus")
    message = a.bytes("message")
    rsa.check_modulus(modulus)
    if len(message) > oaep.MESSAGE_MAX:
        raise a.wrong("message", f"at most {oaep.MESSAGE_MAX} bytes")
    return {"ciphertext": oaep.encrypt(modulus, a.bytes("seed", 20), message).hex()}


@operation("oaep/decrypt")
def oaep_decrypt(a: Arguments) -> dict[str, Any]:
    return {"message": oaep.decrypt(*rsa_primes(a), a.bytes("ciphertext")).hex()}


def rsa_primes(a: Arguments) -> tuple[bytes, bytes]:
    """p and q, with which this client can compute: odd, different, and for the exponent."""
    p, q = a.bytes("p", 128), a.bytes("q", 128)
    if not rsa.usable_primes(p, q):
        raise a.wrong("p, q", "a pair of RSA primes, the larger first")
    return p, q


@operation("rsa/check")
def rsa_check(a: Arguments) -> dict[str, Any]:
    rsa.check_modulus(a.bytes("modulus"))
    return {}


@operation("ed25519/sign")
def ed25519_sign(a: Arguments) -> dict[str, Any]:
    seed = a.bytes("seed", 32)
    signature = backend.ed25519_sign(seed, a.bytes("message"))
    return {"verify_key": backend.ed25519_public_key(seed).hex(), "signature": signature.hex()}


@operation("ed25519/verify")
def ed25519_verify(a: Arguments) -> dict[str, Any]:
    verify_key = a.bytes("verify_key")
    ed25519.check_key(verify_key)
    if not ed25519.verifies(verify_key, a.bytes("message"), a.bytes("signature")):
        raise Refused("signature_invalid")
    return {}


@operation("siv/seal")
def siv_seal(a: Arguments) -> dict[str, Any]:
    v, c = siv.seal(a.bytes("key", siv.KEY_SIZE), a.bytes("ad"), a.bytes("plaintext"))
    return {"v": v.hex(), "c": c.hex()}


@operation("siv/open")
def siv_open(a: Arguments) -> dict[str, Any]:
    return {"plaintext": siv.open_sealed(
        a.bytes("key", siv.KEY_SIZE), a.bytes("ad"), a.bytes("v"), a.bytes("c")).hex()}


@operation("sealed/seal")
def sealed_seal(a: Arguments) -> dict[str, Any]:
    return {"sealed": chunked.seal(
        a.bytes("key", 32), a.bytes("context"), a.bytes("salt", chunked.SALT_SIZE), a.bytes("plaintext")).hex()}


@operation("sealed/open")
def sealed_open(a: Arguments) -> dict[str, Any]:
    return {"plaintext": chunked.open_sealed(
        a.bytes("key", 32), a.bytes("context"), a.bytes("sealed"), "blob_open_failed").hex()}


@operation("normal/password")
def normal_password(a: Arguments) -> dict[str, Any]:
    return {"normal": passwords.normal_password(a.bytes("password")).hex()}


@operation("normal/login-name")
def normal_login_name(a: Arguments) -> dict[str, Any]:
    return {"normal": passwords.normal_login_name(a.bytes("login_name")).hex()}


@operation("keys")
def keys_operation(a: Arguments) -> dict[str, Any]:
    epoch = (a.bytes("master_key", 32), a.bytes("account_id", 16), a.epoch())
    agent_id = a.bytes("agent_id", 16)
    agent_key = keys.agent_key(*epoch, agent_id)
    return {
        "token_key": keys.token_key(*epoch).hex(),
        "agent_key": agent_key.hex(),
        "private_keys_key": keys.private_keys_key(*epoch).hex(),
        "vault_key": keys.vault_key(*epoch).hex(),
        "commitment": keys.commitment(*epoch).hex(),
        "blob_key": keys.blob_key(agent_key, *epoch[1:], agent_id).hex(),
        "spool_key": keys.spool_key(agent_key, *epoch[1:], agent_id).hex(),
    }


@operation("account-id")
def account_id_operation(a: Arguments) -> dict[str, Any]:
    return {"account_id": keys.account_id(a.bytes("verify_key", 32)).hex()}


@operation("agent-id")
def agent_id_operation(a: Arguments) -> dict[str, Any]:
    return {"agent_id": keys.agent_id(a.bytes("modulus", 256), a.bytes("verify_key", 32)).hex()}


# Messages and texts

MESSAGES = (
    PasswordWrap, OwnerVault, EnrolmentRequest, Grant, PrivateKeys, AccountState, SealedBlob, RecordBatch, RuleSet,
    Token, LocalState, SpoolHeader,
)


def wire_operation(message: Any) -> Operation:
    return lambda a: {"message": message.parse(a.bytes("message")).write().hex()}


for _message in MESSAGES:
    OPERATIONS[f"wire/{_message.__name__}"] = wire_operation(_message)


@operation("text/token")
def text_token(a: Arguments) -> dict[str, Any]:
    return {"bytes": prefixed.decode_token(a.bytes("text")).hex()}


@operation("text/blob")
def text_blob(a: Arguments) -> dict[str, Any]:
    return {"bytes": prefixed.decode_blob(a.bytes("text")).hex()}


@operation("text/token-encode")
def text_token_encode(a: Arguments) -> dict[str, Any]:
    return {"text": prefixed.encode_token(a.bytes("bytes")).hex()}


@operation("text/blob-encode")
def text_blob_encode(a: Arguments) -> dict[str, Any]:
    return {"text": prefixed.encode_blob(a.bytes("bytes")).hex()}


def decode_secret_text(hrp: bytes) -> Operation:
    def decode(a: Arguments) -> dict[str, Any]:
        text = secret_text.decode(hrp, a.bytes("text"))
        return {"account_id": text.account_id.hex(), "secret": text.secret.hex()}

    return decode


def encode_secret_text(hrp: bytes) -> Operation:
    def encode(a: Arguments) -> dict[str, Any]:
        text = secret_text.SecretText(a.bytes("account_id", 16), a.bytes("secret", 16))
        return {"text": secret_text.encode(hrp, text).hex()}

    return encode


OPERATIONS["text/code"] = decode_secret_text(secret_text.CODE)
OPERATIONS["text/account-secret"] = decode_secret_text(secret_text.ACCOUNT_SECRET)
OPERATIONS["text/code-encode"] = encode_secret_text(secret_text.CODE)
OPERATIONS["text/account-secret-encode"] = encode_secret_text(secret_text.ACCOUNT_SECRET)


@operation("scan")
def scan(a: Arguments) -> dict[str, Any]:
    matches, skipped = scanner.scan(a.bytes("text"))
    return {
        "matches": [{"kind": match.kind, "start": match.start, "end": match.end} for match in matches],
        "skipped": [{"offset": skip.offset, "code": skip.code} for skip in skipped],
    }


# The owner's end


def typed(a: Arguments) -> passwords.Typed:
    return passwords.Typed(a.bytes("login_name"), a.bytes("password"), a.optional_bytes("account_secret", 16))


def pin(a: Arguments) -> passwords.Pin | None:
    if not a.has("pin"):
        return None
    p = a.object("pin")
    return passwords.Pin(p.bytes("account_id", 16), p.bytes("salt", 32), p.number("counter"), p.epoch())


def own_message(a: Arguments, name: str, message: Any) -> bytes | None:
    """A message that this end has at hand already, or null. It is parsed before anything is checked."""
    if not a.has(name):
        return None
    message.parse(a.bytes(name))
    return a.bytes(name)


def own_state(a: Arguments) -> AccountState | None:
    return AccountState.parse(a.bytes("state")) if a.has("state") else None


@operation("password/wrap")
def password_wrap(a: Arguments) -> dict[str, Any]:
    wrap, login = passwords.make_wrap(
        a.bytes("account_id", 16), a.epoch(), a.number("counter"), a.number("iterations"), a.bytes("salt", 32),
        typed(a), a.bytes("master_key", 32))
    return {"wrap": wrap.write().hex(), "login_key": login.key.hex(), "login_verifier": login.verifier.hex()}


@operation("password/login")
def password_login(a: Arguments) -> dict[str, Any]:
    login = passwords.login(a.bytes("head"), typed(a), pin(a))
    return {"login_key": login.key.hex(), "login_verifier": login.verifier.hex()}


@operation("password/open")
def password_open(a: Arguments) -> dict[str, Any]:
    return {"master_key": passwords.open_wrap(a.bytes("wrap"), typed(a), pin(a)).hex()}


@operation("private-keys/open")
def private_keys_open(a: Arguments) -> dict[str, Any]:
    opened = private_keys.open_private_keys(
        a.bytes("message"), a.bytes("master_key", 32), a.bytes("account_id", 16), a.epoch(), own_state(a))
    return {"p": opened.p.hex(), "q": opened.q.hex(), "seed": opened.seed.hex()}


@operation("vault/open")
def vault_open(a: Arguments) -> dict[str, Any]:
    contents = vault.open_vault(
        a.bytes("message"), a.bytes("master_key", 32), a.bytes("account_id", 16), a.epoch(),
        a.number("pinned_counter"), own_message(a, "state", AccountState), own_message(a, "wrap", PasswordWrap))
    return {"contents": contents.hex()}


def code(a: Arguments) -> Code:
    return Code(
        a.bytes("secret", 16), a.enum("role", Role), a.enum("approval", Approval),
        a.number("uses_left", most=2**16 - 1), a.number("expires"), a.bytes_list("nonces", 32))


@operation("enrolment/verify")
def enrolment_verify(a: Arguments) -> dict[str, Any]:
    owner = enrolment.Owner(
        a.bytes("account_id", 16), a.objects("codes", code), a.bytes_list("revoked", 16), a.boolean("rotation_due"),
        a.number("now"), a.boolean("approved"))
    agent_id, index = enrolment.verify_request(a.bytes("request"), owner)
    return {"agent_id": agent_id.hex(), "code": index}


@operation("grant/make")
def grant_make(a: Arguments) -> dict[str, Any]:
    grant = grants.make_grant(
        a.bytes("account_seed", 32), a.bytes("account_id", 16), a.epoch(), a.number("counter"),
        a.enum("kind", GrantKind), a.bytes("recipient", 16), a.bytes("modulus", 256), a.bytes("master_key", 32),
        a.bytes("oaep_seed", 20))
    return {"grant": grant.hex()}


@operation("state/make")
def state_make(a: Arguments) -> dict[str, Any]:
    state = states.make_state(
        a.bytes("account_seed", 32), a.bytes("modulus", 256), a.epoch(), a.number("counter", 1),
        a.bytes("master_key", 32), a.bytes("rule_set", 32), a.bytes("previous", 32), a.bytes_list("revoked", 16))
    return {"state": state.hex()}


@operation("token/open")
def token_open(a: Arguments) -> dict[str, Any]:
    token_keys = a.objects("keys", lambda k: tokens.TokenKey(k.epoch(), k.bytes("token_key", 64)))
    token, value = tokens.open_token(a.bytes("token"), a.bytes("account_id", 16), token_keys)
    return {"field": token.field.name, "epoch": token.epoch, "value": value.hex()}


def blob_reference(a: Arguments) -> BlobReference:
    return BlobReference(a.enum("field", BlobField), a.number("length"), a.bytes("digest", 32))


@operation("blob/open")
def blob_open(a: Arguments) -> dict[str, Any]:
    agent_keys = a.objects(
        "keys", lambda k: blobs.AgentKey(k.epoch(), k.bytes("agent_id", 16), k.bytes("agent_key", 32)))
    reference = blob_reference(a.object("reference")) if a.has("reference") else None
    blob, content = blobs.open_blob(a.bytes("blob"), a.bytes("account_id", 16), agent_keys, reference)
    return {"field": blob.field.name, "agent_id": blob.agent_id.hex(), "content": content.hex()}


def place(a: Arguments) -> batches.Place:
    return batches.Place(a.number("sequence"), a.bytes("hash", 32), a.number("state_counter"))


@operation("batch/audit")
def batch_audit(a: Arguments) -> dict[str, Any]:
    members = dict(a.objects("members", lambda m: (m.bytes("agent_id", 16), m.bytes("verify_key", 32))))
    audit = batches.Audit(
        a.bytes("account_id", 16), members, a.bytes("agent_id", 16), a.number("state_counter"),
        place(a.object("start")))
    for index, message in enumerate(a.bytes_list("batches")):
        audit.take(index, message)
    end = audit.place
    return {
        "findings": [{"batch": finding.batch, "code": finding.code} for finding in audit.findings],
        "totals": [
            {"field": field.name, "v": v.hex(), "milliseconds": total}
            for (field, v), total in audit.sorted_totals()
        ],
        "end": {"sequence": end.sequence, "hash": end.hash.hex(), "state_counter": end.state_counter},
    }


def definition(a: Arguments) -> RuleDefinition:
    return RuleDefinition(
        a.enum("field", TokenField), a.enum("category", Category), a.boolean("seen"), a.bytes("value"))


@operation("rules/make")
def rules_make(a: Arguments) -> dict[str, Any]:
    rule_set = rules.make_rule_set(
        a.bytes("account_seed", 32), a.bytes("account_id", 16), a.epoch(), a.number("counter"),
        a.bytes("token_key", 64), a.objects("definitions", definition))
    return {"rule_set": rule_set.hex()}


@operation("rules/verify")
def rules_verify(a: Arguments) -> dict[str, Any]:
    rules.verify_rule_set(
        a.bytes("rule_set"), a.bytes("account_id", 16), a.bytes("verify_key", 32), a.epoch(),
        a.number("last_counter"), a.bytes("expected_hash", 32))
    return {}


@operation("owner/machine")
def owner_machine(a: Arguments) -> dict[str, Any]:
    step = machines.step(
        machines.OWNER, a.choice("phase", machines.OWNER), a.choice("event", machines.OWNER_EVENTS))
    return {"next": step.next, "error": step.error}


# The agent


@operation("enrolment/request")
def enrolment_request(a: Arguments) -> dict[str, Any]:
    p, q = rsa_primes(a)
    seed = a.bytes("seed", 32)
    request = enrolment.make_request(a.text("code").encode(), p, q, seed, a.bytes("nonce", 32))
    return {"request": request.write().hex(), "agent_id": keys.agent_id_of(p, q, seed).hex()}


@operation("state/accept")
def state_accept(a: Arguments) -> dict[str, Any]:
    agent_id = a.optional_bytes("agent_id", 16)
    last = own_message(a, "last", AccountState)
    state, unchanged = states.accept_state(a.bytes("message"), a.bytes("account_id", 16), last)
    if unchanged:
        return {"event": "unchanged"}
    if agent_id is not None and states.revokes(state, agent_id):
        return {"event": "state_revokes"}
    return {"event": "state"}


def account_keys(a: Arguments) -> AccountKeys:
    return AccountKeys(*rsa_primes(a), a.bytes("seed", 32))


@operation("grant/open")
def grant_open(a: Arguments) -> dict[str, Any]:
    last = None
    if a.has("last"):
        last = grants.LastGrant(a.object("last").number("counter"), a.object("last").bytes("hash", 32))
    recipient = grants.Recipient(a.bytes("account_id", 16), own_state(a), account_keys(a), last)
    grant, granted = grants.open_grant(a.bytes("grant"), recipient)
    if granted is None:
        return {"kind": "unchanged"}
    if isinstance(granted, ScopedKeys):
        return {
            "kind": grant.kind.name,
            "token_key": granted.token_key.hex(),
            "agent_key": granted.agent_key.hex(),
        }
    return {"kind": grant.kind.name, "master_key": granted.hex()}


@operation("token/seal")
def token_seal(a: Arguments) -> dict[str, Any]:
    token = tokens.seal_token(
        a.bytes("token_key", 64), a.bytes("account_id", 16), a.epoch(), a.enum("field", TokenField),
        a.bytes("value"))
    return {"token": token.write().hex()}


@operation("blob/seal")
def blob_seal(a: Arguments) -> dict[str, Any]:
    blob = blobs.seal_blob(
        a.bytes("agent_key", 32), a.bytes("account_id", 16), a.epoch(), a.bytes("agent_id", 16),
        a.enum("field", BlobField), a.bytes("salt", chunked.SALT_SIZE), a.bytes("content"))
    return {"blob": blob.write().hex()}


def item(a: Arguments) -> Item:
    if "token" in a.values:
        return Item.of(Token.parse(a.bytes("token")))
    return Item.of(BlobReference.parse(a.bytes("blob")))


def record(a: Arguments) -> Record:
    return Record(
        a.enum("kind", RecordKind), a.number("start"), a.number("duration", most=2**32 - 1), a.objects("items", item))


@operation("batch/sign")
def batch_sign(a: Arguments) -> dict[str, Any]:
    records = a.objects("records", record)
    if not records:
        raise a.wrong("records", "one record or more")
    batch = batches.sign_batch(
        a.bytes("seed", 32), a.bytes("account_id", 16), a.epoch(), a.bytes("agent_id", 16), a.number("sequence", 1),
        a.bytes("previous", 32), a.number("state_counter"), records)
    return {"batch": batch.hex()}


@operation("spool/recover")
def spool_recover(a: Arguments) -> dict[str, Any]:
    error = None
    try:
        recovered = spool.recover(
            a.bytes("agent_key", 32), a.bytes("account_id", 16), a.epoch(), a.bytes("agent_id", 16),
            a.bytes("segment"))
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
def local_state_open(a: Arguments) -> dict[str, Any]:
    return {"contents": local_state.open_local_state(a.bytes("message"), a.bytes("device_key", 32)).hex()}


@operation("agent/machine")
def agent_machine(a: Arguments) -> dict[str, Any]:
    step = machines.step(
        machines.AGENT, a.choice("phase", machines.AGENT), a.choice("event", machines.AGENT_EVENTS))
    return {"next": step.next, "error": step.error}


RUN_EVENTS = ("code", "state", "grant", "activity", "service_off", "restart", "restart_damaged")


def requesting_agent(a: Arguments) -> Agent:
    """It has pinned the code and sent its request."""
    a.bytes("nonce", 32)
    account_id = secret_text.decode(secret_text.CODE, a.text("code").encode()).account_id
    return Agent(account_id, account_keys(a))


@operation("agent/run")
def agent_run(a: Arguments) -> dict[str, Any]:
    agent = requesting_agent(a)
    return {"results": a.objects("steps", lambda step: run_step(agent, step))}


def run_step(agent: Agent, a: Arguments) -> dict[str, Any]:
    event = a.choice("event", RUN_EVENTS)
    message = a.optional_bytes("message") or b""
    code = None
    try:
        agent.take(event, message)
    except Refused as refused:
        code = refused.code
    return {"phase": agent.phase, "code": code}


# Randomised operations: those above, with a member from the system's randomness


def randomised(base: str, chosen: str, size: int) -> Operation:
    return lambda a: OPERATIONS[base](Arguments({**a.values, chosen: os.urandom(size).hex()}, a.place))


OPERATIONS["blob/seal-random"] = randomised("blob/seal", "salt", chunked.SALT_SIZE)
OPERATIONS["password/wrap-random"] = randomised("password/wrap", "salt", 32)
OPERATIONS["enrolment/request-random"] = randomised("enrolment/request", "nonce", 32)
OPERATIONS["grant/make-random"] = randomised("grant/make", "oaep_seed", oaep.HASH_SIZE)
OPERATIONS["code/random"] = randomised("text/code-encode", "secret", 16)


# Operations with a handle

AGENTS: Handles[Agent] = Handles()
OWNERS: Handles[OwnerDevice] = Handles()


@operation("agent/open")
def agent_open(a: Arguments) -> dict[str, Any]:
    agent = requesting_agent(a)
    return {"handle": AGENTS.add(agent), "phase": agent.phase}


@operation("agent/step")
def agent_step(a: Arguments) -> dict[str, Any]:
    return run_step(AGENTS.of(a), a)


@operation("agent/close")
def agent_close(a: Arguments) -> dict[str, Any]:
    AGENTS.close(a)
    return {}


OWNER_STEPS = ("open", "lock", "restart", "request")


@operation("owner/open")
def owner_open(a: Arguments) -> dict[str, Any]:
    device = OwnerDevice(typed(a), a.number("now"), Memory())
    return {"handle": OWNERS.add(device), "phase": device.phase}


@operation("owner/step")
def owner_step(a: Arguments) -> dict[str, Any]:
    device = OWNERS.of(a)
    event = a.choice("event", OWNER_STEPS)
    code = None
    try:
        if event == "open":
            device.open(stored(a.object("messages")))
        elif event == "request":
            device.request(a.bytes("message"))
        elif event == "lock":
            device.lock()
        else:
            device.restart()
    except Refused as refused:
        code = refused.code
    return {"phase": device.phase, "code": code}


def stored(a: Arguments) -> Stored:
    return Stored(
        a.bytes("password_wrap"), a.bytes("private_keys"), a.bytes("owner_vault"), a.bytes("account_state"),
        a.optional_bytes("rule_set"))


@operation("owner/close")
def owner_close(a: Arguments) -> dict[str, Any]:
    OWNERS.close(a)
    return {}
