"""A person's end over HTTP: sign in, open, act, grant, audit."""

from __future__ import annotations

import dataclasses
import json
import os
from dataclasses import dataclass
from typing import Any

from .. import account, backend, enrolment, grants, keys, passwords
from ..account import NewPassword
from ..audit import Audit, Kept, Mark, Range
from ..enums import Approval, GrantKind, MemberStatus, PersonStatus, Role
from ..errors import Refused
from ..opening import Opening, Served
from ..owner import PersonsDevice
from ..passwords import Typed
from ..person_keys import make_person_keys
from ..primitives import chunked, oaep
from ..primitives.hashes import labelled_hash
from ..publication import Act, NewPerson, Says
from ..texts.secrets import EnrolmentCode
from ..tokens import TokenKey
from ..wire.contents import AccountKeys, Code, CodeTerms, VaultContents
from ..wire.messages import EnrolmentRequest, PasswordHeader, PasswordWrap, PersonRequest
from .decoding import array_of, bearer, hexadecimal, integer, optional
from .envelopes import Admission, KeysAndLogin, Publication, read_whole
from .service import (
    ANY_JSON,
    BATCHES,
    GRANTS,
    JSON,
    MESSAGE,
    NOTHING,
    PUBLICATION,
    REQUESTS,
    WHOLE,
    Problem,
    Service,
    Yes,
    person_credential,
)

GRANTS_AT_ONCE = 1000
DAY = 86_400_000
ITERATIONS = 600_000


@dataclass
class Joining:
    """A request to join, with what lets it in: the same whenever it is sent."""

    person_id: bytes
    account_id: bytes
    request: bytes
    admission: bytes
    credential: str


@dataclass
class Beginning:
    """What an account begins with: the same whenever it is sent."""

    vault_hash: bytes
    publication: bytes


@dataclass
class OwnerOverHTTP:
    """The device of a person, and the service that it talks to."""

    service: Service
    typed: Typed
    device: PersonsDevice
    head: PasswordHeader | None = None
    stretched: bytes = b""
    joining: Joining | None = None
    beginning: Beginning | None = None
    # Which data the service had when the account was opened last.
    store: str | None = None

    @staticmethod
    def at(service: Service, typed: Typed) -> OwnerOverHTTP:
        return OwnerOverHTTP(service, typed, PersonsDevice(typed, durable=True, keeps_whole=True))

    # Making an account

    @staticmethod
    def create(service: Service, typed: Typed, own: AccountKeys, retention_days: int, now: int) -> OwnerOverHTTP:
        """Makes an account and opens it. The root seed is the recovery text's, and the caller's to keep."""
        end = OwnerOverHTTP.prepare(service, typed, own, retention_days, now)
        end.begin()
        return end

    @staticmethod
    def prepare(service: Service, typed: Typed, own: AccountKeys, retention_days: int, now: int) -> OwnerOverHTTP:
        """Makes an account, for the caller to keep before `begin` sends it (H-10-6)."""
        password = NewPassword(ITERATIONS, typed, os.urandom(32), os.urandom(chunked.SALT_SIZE))
        whole = account.create(
            own, os.urandom(32), password, retention_days, now, os.urandom(chunked.SALT_SIZE),
            os.urandom(oaep.HASH_SIZE))
        login = KeysAndLogin(
            whole.person_keys.write(), whole.login.id, whole.login.verifier, whole.recovery_verifier)
        publication = Publication(
            bytes(32), whole.vault, whole.state.write(), None, login, whole.wrap.write(), whole.grants, [])
        end = OwnerOverHTTP.at(service, typed)
        end.beginning = Beginning(backend.sha256(whole.vault), publication.write())
        return end

    def begin(self) -> None:
        """Sends the first publication, and opens the account. Sent again, it changes nothing."""
        beginning = self.beginning
        assert beginning is not None
        self.service.credential = None
        self.service.ask(
            Yes.stored("vault", beginning.vault_hash), "POST", "/v1/accounts", beginning.publication, PUBLICATION)
        self.sign_in()
        self.open()
        self.device.confirm()
        self.retain()

    # Joining

    @staticmethod
    def join(service: Service, code_text: bytes, typed: Typed, own: AccountKeys) -> OwnerOverHTTP:
        """Asks to be a manager. Who may sign in at once waits until the owner lets the person in."""
        end = OwnerOverHTTP.pin(service, code_text, typed, own)
        end.ask()
        return end

    @staticmethod
    def pin(service: Service, code_text: bytes, typed: Typed, own: AccountKeys) -> OwnerOverHTTP:
        """Makes the request of a manager, for the caller to keep before `ask` sends it (H-10-6)."""
        code = EnrolmentCode.decode(code_text)
        salt = os.urandom(32)
        head = passwords.make_head(code.account_id, 1, ITERATIONS, typed, salt)
        stretched = passwords.stretch(head, typed)
        login = passwords.login_of(stretched, head, typed)
        request = PersonRequest(
            enrolment.make_request(code, own, os.urandom(32)),
            make_person_keys(stretched, head, os.urandom(chunked.SALT_SIZE), own), login.id, login.verifier)
        end = OwnerOverHTTP.at(service, typed)
        end.joining = Joining(
            keys.id_of(own), code.account_id, request.write(), keys.admission_key(code.secret, code.account_id),
            person_credential(code.account_id, os.urandom(32)))
        return end

    def ask(self) -> None:
        """Sends the request to join. Sent again, it changes nothing."""
        joining = self.joining
        assert joining is not None
        self.service.credential = joining.credential
        self.service.ask(
            Yes.stored("id", joining.person_id), "PUT",
            f"/v1/a/{joining.account_id.hex()}/requests/{joining.person_id.hex()}", joining.request, MESSAGE,
            {"Endkey-Admission": joining.admission.hex()})

    # Signing in

    def login(self, password_changed: bool = False) -> passwords.Login:
        """The login of the newest head, which is held against the device's pins, and checked, before the password is
        stretched (R-9.4-3, R-12.7-2)."""
        login_id = labelled_hash("login-id", passwords.normal_login_name(self.typed.login_name))
        message = self.service.post_json("/v1/heads", {"login_id": login_id.hex()}, Yes.body(MESSAGE)).body
        head = PasswordHeader.parse(message)
        pins = self.device.memory.pins()
        if pins is not None and head != self.head:
            passwords.check_head(head, pins.head, password_changed)
        passwords.check_typed(head, self.typed)
        self.head, self.stretched = head, passwords.stretch(head, self.typed)
        return passwords.login_of(self.stretched, head, self.typed)

    def sign_in(self, password_changed: bool = False) -> dict[str, Any]:
        login = self.login(password_changed)
        self.service.credential = None
        answer = self.service.post_json("/v1/sessions", {"login_id": login.id.hex(), "login_key": login.key.hex()})
        self.service.credential = answer.members({"token": bearer})["token"]
        return dict(answer.json())

    @property
    def account_id(self) -> bytes:
        assert self.head is not None
        return self.head.header.account_id

    @property
    def path(self) -> str:
        return f"/v1/a/{self.account_id.hex()}"

    def open(self, password_changed: bool = False) -> None:
        """Opens what the service has."""
        assert self.head is not None
        message = self.service.ask(Yes.body(WHOLE), "GET", f"{self.path}/whole").body
        served = read_whole(self.head.write(), message)
        if served is None:
            raise Refused("no_master_key")
        if self.put_back(served):
            served = read_whole(self.head.write(), self.service.ask(Yes.body(WHOLE), "GET", f"{self.path}/whole").body)
            assert served is not None
        self.device.open(served, password_changed)
        if self.device.whole().aside is None:
            self.store = self.service.store

    def put_back(self, held: Served) -> bool:
        """Gives a service whose data are others than before what it lost of the whole that was kept (H-10-9)."""
        kept = self.device.memory.kept
        if kept is None or self.store in (None, self.service.store) or kept.owner_vault == held.owner_vault:
            return False
        opened = Opening(self.device.memory.pins(), False, self.typed, kept).open()
        expect = backend.sha256(held.owner_vault)
        if expect not in opened.contents.recent:
            return False
        is_new = kept.account_state != held.account_state
        masters = [grants.make_grant(
            opened.keys.seed, self.account_id, opened.state.header.epoch, GrantKind.master, one.person_id, one.modulus,
            one.verify_key, opened.master_key, os.urandom(oaep.HASH_SIZE))
            for one in opened.contents.persons if is_new and one.status == PersonStatus.granted]
        publication = Publication(
            expect, kept.owner_vault, kept.account_state if is_new else None, kept.rule_set, None, None, masters,
            self.admissions(opened.contents))
        try:
            self.publish(publication)
        except Problem as problem:
            # What it has is judged as ever.
            if problem.type in ("no-credential", "fresh-required"):
                raise
            return False
        return True

    # Publishing

    def act(self, name: str, now: int, **changes: Any) -> None:
        """An act of section 12.9, on the contents as they are or as `contents` says; all members stay, or `staying`."""
        device = self.device
        device.check_phase("act")
        contents = changes.pop("contents", device.whole().contents)
        changes.setdefault("staying", {member.agent_id: member.kind for member in contents.members})
        device.publish(device.making(Act(name, contents, **changes), Says(), now))
        self.send()

    def publication(self, keys_and_login: KeysAndLogin | None = None, wrap: bytes | None = None) -> Publication:
        """What is pending, as it is sent. An owner's new MasterKey travels under the password, too."""
        device = self.device
        pending = device.pending()
        state, master_key = pending.newest(), device.pending_master_key()
        if wrap is None and self.head is not None and device.has_root_key() and pending.grants:
            wrap = passwords.make_wrap(self.stretched, self.head, state.header.epoch, master_key).write()
        contents = VaultContents.parse(device.open_own(pending.vault, state, master_key))
        return Publication(
            pending.replaces, pending.vault,
            None if pending.state is None else pending.state.write(), pending.rule_set, keys_and_login, wrap,
            pending.grants, self.admissions(contents))

    def admissions(self, contents: VaultContents) -> list[Admission]:
        return [Admission.of(code, self.account_id) for code in contents.codes if code.uses_left > 0]

    def publish(self, publication: Publication) -> None:
        self.service.ask(
            Yes.stored("vault", backend.sha256(publication.vault)), "POST", f"{self.path}/publications",
            publication.write(), PUBLICATION)

    def send(self, keys_and_login: KeysAndLogin | None = None, wrap: bytes | None = None) -> None:
        """Sends what is pending until it is settled. A lost answer leaves it pending, to be sent again."""
        self.publish(self.publication(keys_and_login, wrap))
        self.device.stored()
        self.grant_missing()

    def retain(self) -> None:
        """Tells the service what the vault says of retention, which it cannot read (section 12)."""
        contents = self.device.whole().contents
        said = {"days": contents.retention_days, "blob_days": contents.blob_days}
        self.service.ask(NOTHING, "PUT", f"{self.path}/retention", json.dumps(said).encode(), JSON)

    # Members

    def make_code(self, now: int, role: Role = Role.agent, uses: int = 10, label: bytes = b"") -> bytes:
        """Publishes a code, and gives its text."""
        contents = self.device.whole().contents
        state = self.device.whole().state
        kind = GrantKind.master if role == Role.manager else GrantKind.scoped
        approval = Approval.manual if role == Role.manager else Approval.automatic
        code = Code(
            os.urandom(8), os.urandom(16), label, role, kind, approval, 1 if role == Role.manager else uses,
            now + 7 * DAY, [])
        codes = sorted([*contents.codes, code], key=lambda one: one.id)
        self.act("edit", now, contents=dataclasses.replace(contents, codes=codes))
        terms = CodeTerms(state.generation, now, kind, role)
        return EnrolmentCode(self.account_id, code.secret, terms).encode()

    def requests(self) -> list[bytes]:
        return list(self.service.messages(f"{self.path}/requests", REQUESTS))

    def admit(self, message: bytes, now: int) -> bytes:
        """Lets an agent in that comes by a code that needs no approval; gives its id."""
        self.device.request(message, Says(), now)
        self.send()
        request = EnrolmentRequest.parse(message)
        return keys.agent_id(request.modulus, request.verify_key)

    def add_person(self, message: bytes, now: int, label: bytes = b"") -> None:
        """Lets a manager in who came by a code, which goes with it."""
        request = PersonRequest.parse(message).request
        opened = self.device.whole()
        end = enrolment.PersonsEnd(
            self.account_id, opened.contents.codes,
            {member.agent_id: member.status for member in opened.contents.members},
            {person.person_id: person.status for person in opened.contents.persons}, True, now, True)
        _, code = enrolment.verify_request(request.write(), end)
        used = dataclasses.replace(code, uses_left=code.uses_left - 1, nonces=[*code.nonces, request.nonce])
        codes = [used if one.id == code.id else one for one in opened.contents.codes]
        self.act(
            "add_person", now, contents=dataclasses.replace(opened.contents, codes=codes),
            person=NewPerson(request.modulus, request.verify_key, label))

    def grant_missing(self) -> None:
        """Grants keys to each member that lacks those of the newest state."""
        opened = self.device.whole()
        granted = {m.agent_id: m.kind for m in opened.contents.members if m.status == MemberStatus.granted}
        lacking = [one["id"] for one in self.service.items(
            f"{self.path}/agents", "&lacking_grant=1", readers={"id": hexadecimal(16)})]
        made = []
        for agent_id in lacking:
            if agent_id not in granted:
                continue
            request = EnrolmentRequest.parse(
                self.service.ask(Yes.body(MESSAGE), "GET", f"{self.path}/requests/{agent_id.hex()}").body)
            made.append(grants.make_grant(
                opened.keys.seed, self.account_id, opened.state.header.epoch, granted[agent_id], agent_id,
                request.modulus, request.verify_key, opened.master_key, os.urandom(oaep.HASH_SIZE)))
        for first in range(0, len(made), GRANTS_AT_ONCE):
            part = made[first:first + GRANTS_AT_ONCE]
            self.service.ask(ANY_JSON, "POST", f"{self.path}/grants", b"".join(part), GRANTS).members(
                {"stored": integer, "refused": array_of(lambda one: one)})

    # The password

    def change_password(self, typed: Typed, now: int) -> None:
        device = self.device
        opened = device.whole()
        assert self.head is not None
        old = self.head
        salt = os.urandom(32)
        head = passwords.make_head(self.account_id, old.counter + 1, ITERATIONS, typed, salt)
        stretched = passwords.stretch(head, typed)
        person_keys = make_person_keys(stretched, head, os.urandom(chunked.SALT_SIZE), opened.keys).write()
        login = passwords.login_of(stretched, head, typed)
        verifier = backend.sha256(keys.recovery_key(opened.keys.seed, self.account_id))
        wrap: PasswordWrap = passwords.make_wrap(stretched, head, opened.state.header.epoch, opened.master_key)
        own = opened.person()
        named = dataclasses.replace(own, keys=backend.sha256(person_keys))
        persons = [named if one.person_id == own.person_id else one for one in opened.contents.persons]
        device.opened = dataclasses.replace(opened, person_keys=person_keys)
        device.publish(device.making(
            Act("edit", dataclasses.replace(opened.contents, persons=persons)), Says(), now))
        self.send(KeysAndLogin(person_keys, login.id, login.verifier, verifier), wrap.write())
        self.typed, self.head, self.stretched = typed, head, stretched
        device.typed = typed

    # What the account says

    def batches(self, agent_id: bytes) -> list[bytes]:
        return list(self.service.messages(f"{self.path}/batches", BATCHES, f"&agent={agent_id.hex()}"))

    def audit(self, agent_id: bytes, now: int) -> Audit:
        """The audit of one member, of all that the service gives."""
        opened = self.device.whole()
        contents = opened.contents
        member = next(one for one in contents.members if one.agent_id == agent_id)
        epochs = [(opened.state.header.epoch, opened.master_key)]
        epochs += [(past.epoch, past.master_key) for past in contents.past_keys]
        requests: dict[bytes, bytes | None] = {one.agent_id: None for one in contents.members}
        for message in self.requests():
            request = EnrolmentRequest.parse(message[:440])
            requests[keys.agent_id(request.modulus, request.verify_key)] = message
        done = Audit(
            self.account_id, requests, agent_id, MemberStatus(member.status),
            Mark(member.audited_sequence, member.audited_hash,
                 (member.audited_generation, member.audited_state)),
            Kept(member.kept_sequence, member.kept_hash), contents.states,
            [TokenKey(epoch, keys.token_key(key, self.account_id, epoch)) for epoch, key in epochs],
            [Range(one.first, one.last, one.before_hash, one.last_hash) for one in contents.erasures
             if one.agent_id == agent_id],
            now, contents.retention_days)
        erased = [Range(one["sequence"], one["sequence"]) for one in self.service.items(
            f"{self.path}/batches", f"&agent={agent_id.hex()}",
            readers={"sequence": integer, "erased": optional(integer)}) if one["erased"] is not None]
        done.take([one for one in self.batches(agent_id) if one], erased)
        return done

    def report(self, **members: Any) -> dict[str, Any]:
        answer = self.service.post_json(f"{self.path}/reports", members)
        answer.members({"as_of": integer, "rows": array_of(lambda row: row)})
        return dict(answer.json())


