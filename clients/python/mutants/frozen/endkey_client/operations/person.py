"""A person's end."""

from .. import (
    account,
    audit,
    backend,
    blobs,
    enrolment,
    grants,
    keys,
    machines,
    merging,
    passwords,
    person_keys,
    publication,
    rules,
    states,
    tokens,
    vault,
)
from ..arguments import Arguments
from ..enums import (
    Approval,
    BlobField,
    Category,
    GrantKind,
    MemberStatus,
    PersonStatus,
    Role,
    TokenField,
)
from ..errors import BadRequest
from ..opening import Aside, Opening, Served
from ..texts.secrets import RecoveryText
from ..wire.contents import Code, OwnerContents, PastKey, StateNote, VaultContents
from ..wire.fields import NO_SIGNATURE
from ..wire.kinds import Struct
from ..wire.messages import (
    AccountState,
    BlobReference,
    PasswordHeader,
    Signer,
    Token,
)
from .registry import Answer, operation
from .shared import account_keys, contents_of, head, rsa_primes, typed

# Passwords


@operation("password/login")
def password_login(a: Arguments) -> Answer:
    pinned = PasswordHeader.parse(a.bytes("pinned_head")) if a.has("pinned_head") else None
    login = passwords.login(a.bytes("head"), typed(a), pinned, a.boolean("password_changed"))
    return {"login_id": login.id.hex(), "login_key": login.key.hex(), "login_verifier": login.verifier.hex()}


@operation("person-keys/make")
def person_keys_make(a: Arguments) -> Answer:
    own, password = account_keys(a), typed(a)
    made = passwords.make_head(
        a.bytes("account_id"), a.number("counter"), a.number("iterations"), password, a.bytes("salt"))
    stretched = passwords.stretch(made, password)
    sealed = person_keys.make_person_keys(stretched, made, a.bytes("seal_salt"), own)
    login = passwords.login_of(stretched, made, password)
    return {
        "keys": sealed.write().hex(),
        "person_id": keys.id_of(own).hex(),
        "login_id": login.id.hex(),
        "login_key": login.key.hex(),
        "login_verifier": login.verifier.hex(),
    }


@operation("person-keys/open")
def person_keys_open(a: Arguments) -> Answer:
    own, _ = person_keys.open_person_keys(a.bytes("keys"), a.bytes("head"), typed(a))
    return {"p": own.p.hex(), "q": own.q.hex(), "seed": own.seed.hex(), "person_id": keys.id_of(own).hex()}


@operation("password/wrap")
def password_wrap(a: Arguments) -> Answer:
    own_head = head(a)
    stretched = passwords.stretch(own_head, typed(a))
    wrap = passwords.make_wrap(stretched, own_head, a.number("epoch"), a.bytes("master_key"))
    return {"wrap": wrap.write().hex()}


@operation("password/open")
def password_open(a: Arguments) -> Answer:
    return {"master_key": passwords.open_wrap(a.bytes("wrap"), head(a), typed(a)).hex()}


# Vault and opening


@operation("vault/make")
def vault_make(a: Arguments) -> Answer:
    made = vault.make_vault(
        a.bytes("seed"), a.bytes("master_key"), a.bytes("account_id"), a.number("epoch"), a.number("counter"),
        a.bytes("salt"), a.bytes("contents"))
    contents_of(VaultContents, a.bytes("contents"))
    return {"vault": made.hex()}


@operation("vault/open")
def vault_open(a: Arguments) -> Answer:
    contents = vault.open_vault(
        a.bytes("vault"), AccountState.parse(a.bytes("state")), a.bytes("master_key"), a.bytes("person_id"),
        a.bytes("person_keys"))
    return {"contents": contents.hex()}


def served(a: Arguments) -> Served:
    return Served(
        a.bytes("head"), a.bytes("person_keys"), a.bytes("account_state"), a.optional_bytes("password_wrap"),
        a.optional_bytes("grant"), a.bytes("owner_vault"), a.optional_bytes("rule_set"))


def kept(a: Arguments) -> Served:
    return Served(
        b"", a.bytes("person_keys"), a.bytes("account_state"), a.optional_bytes("password_wrap"),
        a.optional_bytes("grant"), a.bytes("owner_vault"), a.optional_bytes("rule_set"))


def past_keys(a: Arguments) -> list[PastKey]:
    return a.objects("keys", lambda key: PastKey(key.number("epoch"), key.bytes("master_key")))


def written(keys: list[PastKey]) -> list[Answer]:
    return [{"epoch": key.epoch, "master_key": key.master_key.hex()} for key in keys]


def aside(a: Arguments) -> Aside:
    return Aside(
        a.bytes("vault_hash"), a.number("counter"),
        AccountState.parse(a.bytes("state")) if a.has("state") else None, past_keys(a))


@operation("person/open")
def person_open(a: Arguments) -> Answer:
    pins = contents_of(OwnerContents, a.bytes("pins")) if a.has("pins") else None
    wholes = a.objects("kept", kept)
    opened = Opening(
        pins, a.boolean("password_changed"), typed(a), served(a.object("messages")),
        wholes[0] if wholes else None, wholes[1:]).open()
    person = opened.person()
    return {
        "person_id": person.person_id.hex(),
        "role": person.role.name,
        "master_key": opened.master_key.hex(),
        "contents": opened.plaintext.hex(),
        "findings": opened.findings,
        "expired": a.number("now") >= opened.state.valid_until,
        "pins": opened.pins.write().hex(),
        "aside": None if opened.aside is None else {
            "vault_hash": opened.aside.vault.hex(),
            "counter": opened.aside.counter,
            "state": optional_hex(opened.aside.state),
            "keys": written(opened.aside.keys),
        },
        "missing": [{"keys": written(ended.keys)} for ended in opened.ended],
    }


# Enrolment and grants


def code(a: Arguments) -> Code:
    code = Code(
        a.bytes("id"), a.bytes("secret"), b"", a.enum("role", Role), a.enum("kind", GrantKind),
        a.enum("approval", Approval), a.number("uses_left"), a.number("expires"), a.bytes_list("nonces"))
    for name in code.misfits():
        raise BadRequest(f"a code's {name} does not fit the rest of it")
    return code


@operation("enrolment/verify")
def enrolment_verify(a: Arguments) -> Answer:
    end = enrolment.PersonsEnd(
        a.bytes("account_id"), a.objects("codes", code),
        dict(a.objects("members", lambda m: (m.bytes("agent_id"), m.enum("status", MemberStatus)))),
        dict(a.objects("persons", lambda p: (p.bytes("person_id"), p.enum("status", PersonStatus)))),
        a.boolean("root"), a.number("now"), a.boolean("approved"))
    sender, by = enrolment.verify_request(a.bytes("request"), end)
    return {"agent_id": sender.hex(), "code_id": by.id.hex(), "kind": by.kind.name, "role": by.role.name}


@operation("grant/make")
def grant_make(a: Arguments) -> Answer:
    grant = grants.make_grant(
        a.bytes("seed"), a.bytes("account_id"), a.number("epoch"), a.enum("kind", GrantKind), a.bytes("recipient"),
        a.bytes("modulus"), a.bytes("verify_key"), a.bytes("master_key"), a.bytes("oaep_seed"))
    return {"grant": grant.hex()}


# States


def signers(a: Arguments) -> list[Signer]:
    listed = a.objects("signers", lambda s: Signer(s.bytes("verify_key"), s.bytes("person_id")))
    if len({signer.verify_key for signer in listed}) < len(listed):
        raise BadRequest("a signer twice")
    return sorted(listed, key=lambda signer: signer.verify_key)


def unsigned_state(a: Arguments, account_id: bytes, root_key: bytes) -> AccountState:
    """The members that a certificate covers; the others are filled in."""
    return AccountState(
        states.header_of(account_id, 1), 0, 0, 0, bytes(32), root_key, a.number("generation"),
        a.number("certificate_from"), a.number("certificate_until"), signers(a), NO_SIGNATURE, [], root_key)


@operation("certificate/make")
def certificate_make(a: Arguments) -> Answer:
    root_key = backend.ed25519_public_key(a.bytes("root_seed"))
    account_id = keys.account_id(root_key)
    certificate = states.certify(a.bytes("root_seed"), unsigned_state(a, account_id, root_key))
    return {"account_id": account_id.hex(), "certificate": certificate.hex()}


@operation("state/make")
def state_make(a: Arguments) -> Answer:
    root_key, epoch = a.bytes("root_key"), a.number("epoch")
    account_id = keys.account_id(root_key)
    state = unsigned_state(a, account_id, root_key)
    state.header.epoch = epoch
    state.counter = a.number("counter")
    state.made = a.number("made")
    state.valid_until = a.number("valid_until")
    state.commitment = keys.commitment(a.bytes("master_key"), account_id, epoch)
    state.certificate = a.bytes("certificate")
    state.revoked = sorted(set(a.bytes_list("revoked")))
    return {"state": states.sign_state(a.bytes("seed"), state).write().hex()}


# Publications


def says(a: Arguments) -> publication.Says:
    return publication.Says(a.boolean("newest"), a.boolean("without_storage"), a.boolean("clock"))


def new_person(a: Arguments) -> publication.NewPerson:
    return publication.NewPerson(a.bytes("modulus"), a.bytes("verify_key"), a.bytes("label"))


def staying(a: Arguments) -> list[tuple[bytes, GrantKind]]:
    return a.objects("staying", lambda m: (m.bytes("agent_id"), m.enum("kind", GrantKind))) if a.has("staying") else []


def optional_hex(message: Struct | None) -> str | None:
    return None if message is None else message.write().hex()


@operation("publication/make")
def publication_make(a: Arguments) -> Answer:
    end = publication.End(
        a.bytes("seed"), AccountState.parse(a.bytes("state")), a.bytes("vault"), a.bytes("master_key"),
        a.boolean("remembered"), a.number("generation"), a.boolean("durable"), a.number("now"),
        a.optional("aside", aside), a.objects("missing", past_keys))
    act = publication.Act(
        a.text("act"), contents_of(VaultContents, a.bytes("contents")), a.optional_bytes_list("agents"),
        a.optional_bytes_list("persons"), a.optional("person", new_person), dict(staying(a)),
        a.optional_bytes("next_master_key"), a.optional_bytes("rule_set"))
    randomness = publication.Randomness(a.bytes("salt"), a.bytes_list("oaep_seeds"))
    made = publication.publish(end, act, says(a.object("says")), randomness)
    return {
        "expect": made.expect.hex(),
        "state": optional_hex(made.state),
        "vault": made.vault.hex(),
        "contents": made.contents.write().hex(),
        "grants": [grant.hex() for grant in made.grants],
        "generation": made.generation,
    }


def served_vault(a: Arguments) -> publication.ServedVault:
    return publication.ServedVault(a.bytes("vault"), a.bytes_list("recent"), a.bytes_list("states"))


@operation("publication/settle")
def publication_settle(a: Arguments) -> Answer:
    p = a.object("pending")
    pending = publication.Pending(
        p.bytes("vault"), p.optional_bytes("state"), p.number("generation"), p.boolean("root_act"),
        p.boolean("asks"))
    outcome, generation = publication.settle(
        pending, a.bytes("base_state"), a.number("generation"), a.text("answer"), a.optional("served", served_vault))
    return {"outcome": outcome, "generation": generation}


@operation("publication/merge")
def publication_merge(a: Arguments) -> Answer:
    base, ours, theirs = (contents_of(VaultContents, a.bytes(name)) for name in ("base", "ours", "theirs"))
    return {"contents": merging.merge(base, ours, theirs, a.bytes("expect")).write().hex()}


def new_password(a: Arguments) -> account.NewPassword:
    return account.NewPassword(a.number("iterations"), typed(a), a.bytes("salt"), a.bytes("keys_salt"))


def whole(made: account.Whole) -> Answer:
    return {
        "person_keys": made.person_keys.write().hex(),
        "password_wrap": made.wrap.write().hex(),
        "account_state": made.state.write().hex(),
        "owner_vault": made.vault.hex(),
        "contents": made.contents.write().hex(),
        "login_id": made.login.id.hex(),
        "login_verifier": made.login.verifier.hex(),
        "recovery_verifier": made.recovery_verifier.hex(),
    }


@operation("account/create")
def account_create(a: Arguments) -> Answer:
    own = account_keys(a)
    made = account.create(
        own, a.bytes("master_key"), new_password(a), a.number("retention_days"), a.number("now"),
        a.bytes("vault_salt"), a.bytes("oaep_seed"))
    return {
        **whole(made),
        "account_id": made.state.header.account_id.hex(),
        "grant": made.grants[0].hex(),
        "recovery_text": RecoveryText(own.seed).encode().hex(),
    }


@operation("account/recover")
def account_recover(a: Arguments) -> Answer:
    shown = account.Shown(
        a.optional_bytes("head"), a.bytes("state"), a.bytes("vault"), a.number("generation"), a.boolean("confirmed"))
    members = a.objects("members", lambda m: (m.bytes("agent_id"), m.enum("kind", GrantKind)))
    if len(dict(members)) < len(members):
        raise BadRequest("a member twice")
    made = account.recover(
        a.bytes("recovery_text"), *rsa_primes(a), a.bytes("master_key"), shown,
        account.Staying(a.bytes_list("persons"), dict(members)), new_password(a), a.number("retention_days"),
        a.number("now"), a.bytes("vault_salt"), a.bytes_list("oaep_seeds"))
    return {**whole(made), "grants": [grant.hex() for grant in made.grants]}


# What agents sent


def token_keys(a: Arguments) -> list[tokens.TokenKey]:
    return a.objects("keys", lambda k: tokens.TokenKey(k.number("epoch"), k.bytes("token_key")))


@operation("token/open")
def token_open(a: Arguments) -> Answer:
    token = Token.parse(a.bytes("token"))
    value = tokens.open_token(token, a.bytes("account_id"), token_keys(a))
    return {"field": token.field.name, "epoch": token.epoch, "value": value.hex()}


def blob_reference(a: Arguments) -> BlobReference:
    return BlobReference(a.enum("field", BlobField), a.number("length"), a.bytes("digest"))


@operation("blob/open")
def blob_open(a: Arguments) -> Answer:
    agent_keys = a.objects(
        "keys", lambda k: blobs.AgentKey(k.number("epoch"), k.bytes("agent_id"), k.bytes("agent_key")))
    blob, content = blobs.open_blob(
        a.optional_bytes("blob"), a.bytes("account_id"), agent_keys, a.optional("reference", blob_reference))
    return {"field": blob.field.name, "agent_id": blob.agent_id.hex(), "content": content.hex()}


def mark(a: Arguments) -> audit.Mark:
    return audit.Mark(a.number("sequence"), a.bytes("hash"), (a.number("generation"), a.number("counter")))


def erasure(a: Arguments) -> audit.Range:
    return audit.Range(a.number("first"), a.number("last"), a.bytes("before_hash"), a.bytes("last_hash"))


@operation("batch/audit")
def batch_audit(a: Arguments) -> Answer:
    kept = a.object("kept")
    audited = audit.Audit(
        a.bytes("account_id"),
        dict(a.objects("members", lambda m: (m.bytes("agent_id"), m.optional_bytes("request")))),
        a.bytes("agent_id"), a.enum("status", MemberStatus), mark(a.object("mark")),
        audit.Kept(kept.number("sequence"), kept.bytes("hash")),
        [contents_of(StateNote, note) for note in a.bytes_list("states")], token_keys(a),
        a.objects("erasures", erasure), a.number("now"), a.number("retention_days"))
    audited.take(
        a.bytes_list("batches"), a.objects("erased", lambda e: audit.Range(e.number("first"), e.number("last"))))
    end = audited.mark
    return {
        "findings": [
            {"batch": finding.batch, "sequence": finding.sequence, "code": finding.code}
            for finding in audited.findings
        ],
        "totals": [
            {"token": token.hex(), "milliseconds": total} for token, total in sorted(audited.totals.items())
        ],
        "mark": {
            "sequence": end.sequence, "hash": end.hash.hex(), "generation": end.pair[0], "counter": end.pair[1],
        },
        "erased": [{"first": range.first, "last": range.last} for range in audited.passed_over],
        "kept": {"sequence": audited.kept.sequence, "hash": audited.kept.hash.hex()},
    }


# Rules and the machine


def definition(a: Arguments) -> rules.Definition:
    return rules.Definition(
        a.enum("field", TokenField), a.enum("category", Category), a.bytes("value"), a.boolean("seen"),
        a.values["past"])


@operation("rules/make")
def rules_make(a: Arguments) -> Answer:
    definitions = a.objects("definitions", definition)
    if len({(one.field, one.value) for one in definitions}) < len(definitions):
        raise BadRequest("a definition twice")
    rule_set = rules.make_rule_set(a.bytes("account_id"), a.number("epoch"), token_keys(a), definitions)
    return {"rule_set": rule_set.hex()}


@operation("rules/open")
def rules_open(a: Arguments) -> Answer:
    rules.open_rule_set(
        a.optional_bytes("rule_set"), a.bytes("account_id"), a.number("epoch"), a.bytes("expected_hash"))
    return {}


@operation("owner/machine")
def owner_machine(a: Arguments) -> Answer:
    step = machines.step(machines.OWNER, a.text("phase"), a.text("event"))
    return {"next": step.next, "error": step.error}
