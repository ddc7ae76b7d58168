"""Enrolment (section 10.2)."""

from ..mutant import of_module


def refusal(condition: str, code: str) -> str:
    return f'    if {condition}:\n        raise Refused("{code}")\n'


EXPIRES = refusal("code.expires != NEVER and code.expires <= now", "code_expired")
USES = refusal("code.uses_left == 0", "code_expired")
NONCE = refusal("request.nonce in code.nonces", "nonce_reused")
MAC = "        if backend.equal(request_mac(code.secret, end.account_id, request), request.mac):\n"
COMPUTED = "backend.equal(request_mac(code.secret, end.account_id, request), request.mac)"
EACH = "    for code in sorted(end.codes, key=lambda code: code.id):\n"
MODULUS = "    rsa.check_modulus(request.modulus)\n"
KEY = "    ed25519.check_key(request.verify_key)\n"
SIGNED = "    signature.check(request.verify_key, message)\n"
ACCOUNT = refusal("request.header.account_id != end.account_id", "wrong_account")
MEMBER_GONE = refusal("end.members.get(sender, MemberStatus.granted) != MemberStatus.granted", "revoked")
PERSON_GONE = refusal("end.persons.get(sender) == PersonStatus.removed", "revoked")
PERSON = refusal("sender in end.persons", "wrong_recipient")
MEMBER = refusal("code.role == Role.manager and sender in end.members", "wrong_recipient")
ID = "    check_id(end, code, sender)\n"
ROOT_ROLE = refusal("code.role == Role.manager and not end.root", "root_required")
ROOT_KIND = refusal("code.kind == GrantKind.master and not end.root", "root_required")
APPROVED = refusal("code.approval == Approval.manual and not end.approved", "approval_required")
CODE = "    check_code(code, request, end.now)\n"
INPUT = 'return backend.hmac_sha256(key, request.part("header", "nonce"))'

MUTANTS = of_module(
    "enrolment.py",
    ("enrol-mac-unchecked", "grants to whoever asks: takes the first code without the MAC", MAC, "        if found is None:\n"),
    ("enrol-mac-first-byte", "compares only the first byte of the MAC", MAC, MAC.replace(COMPUTED, "request_mac(code.secret, end.account_id, request)[0] == request.mac[0]")),
    ("enrol-mac-first-16", "compares only the first half of the MAC", MAC, MAC.replace(COMPUTED, "request_mac(code.secret, end.account_id, request)[:16] == request.mac[:16]")),
    ("enrol-mac-all-but-last", "compares the MAC without its last byte", MAC, MAC.replace(COMPUTED, "request_mac(code.secret, end.account_id, request)[:31] == request.mac[:31]")),
    ("enrol-first-code-only", "tries only the first code", EACH, EACH.replace("code.id):", "code.id)[:1]:")),
    ("enrol-last-code-only", "tries only the last code", EACH, EACH.replace("code.id):", "code.id)[-1:]:")),
    ("enrol-live-codes-only", "does not try codes without uses or past their expiry", EACH, EACH + "        if code.uses_left == 0 or 0 < code.expires <= end.now:\n            continue\n"),
    ("enrol-last-of-several", "takes the last of several codes", "            found = found or code\n", "            found = code\n"),
    ("enrol-codes-as-given", "takes the first of several codes as they are given", EACH, "    for code in end.codes:\n"),
    ("enrol-codes-by-secret", "takes the first of several codes by their secrets", EACH, EACH.replace("code.id", "code.secret + code.id[::-1]")),
    ("enrol-no-codes-code", "says code_expired where the vault has no codes", '    if found is None:\n        raise Refused("mac_invalid")\n', '    if not end.codes:\n        raise Refused("code_expired")\n    if found is None:\n        raise Refused("mac_invalid")\n'),
    ("enrol-mac-without-modulus", "leaves the modulus out of the MAC", INPUT, 'return backend.hmac_sha256(key, request.part("header", "header") + request.part("verify_key", "nonce"))'),
    ("enrol-mac-without-verify-key", "leaves the Ed25519 key out of the MAC", INPUT, 'return backend.hmac_sha256(key, request.part("header", "modulus") + request.nonce)'),
    ("enrol-mac-without-nonce", "leaves the nonce out of the MAC", INPUT, INPUT.replace('"nonce"', '"verify_key"')),
    ("enrol-mac-without-header", "leaves the header out of the MAC", INPUT, INPUT.replace('"header"', '"modulus"')),
    ("enrol-mac-key-is-secret", "uses the code's secret itself as the key of the MAC", INPUT, INPUT.replace("(key,", "(secret,")),
    ("enrol-mac-key-without-account", "derives the key of the MAC for no account", 'key = derive(secret, "enrolment-mac", account_id)', 'key = derive(secret, "enrolment-mac", bytes(16))'),
    ("enrol-mac-key-of-admission", "derives the key of the MAC under the label of admission", 'key = derive(secret, "enrolment-mac", account_id)', 'key = derive(secret, "admission", account_id)'),
    ("enrol-account-unchecked", "does not compare the account of a request", ACCOUNT, ""),
    ("enrol-account-first-half", "compares only the first half of the account of a request", ACCOUNT, ACCOUNT.replace("account_id != end.account_id", "account_id[:8] != end.account_id[:8]")),
    ("enrol-expiry-unchecked", "does not look at a code's expiry", EXPIRES, ""),
    ("enrol-expiry-at-that-time", "accepts a code at the moment of its expiry", EXPIRES, EXPIRES.replace("<= now", "< now")),
    ("enrol-expiry-seconds", "takes the expiry for seconds", EXPIRES, EXPIRES.replace("code.expires <= now", "code.expires <= now // 1000")),
    ("enrol-expiry-32-bits", "compares expiries in 32 bits", EXPIRES, EXPIRES.replace("code.expires <= now", "code.expires % 2**32 <= now % 2**32")),
    ("enrol-expiry-zero", "takes expiry 0 for the year 1970", EXPIRES, EXPIRES.replace("code.expires != NEVER and ", "")),
    ("enrol-uses-unchecked", "does not look at the uses left", USES, ""),
    ("enrol-uses-one-too-few", "refuses the last use of a code", USES, USES.replace("== 0", "<= 1")),
    ("enrol-nonce-unchecked", "accepts a nonce again", NONCE, ""),
    ("enrol-nonce-last-only", "remembers only the last nonce", NONCE, NONCE.replace("in code.nonces", "in code.nonces[-1:]")),
    ("enrol-nonce-first-only", "remembers only the first nonce", NONCE, NONCE.replace("in code.nonces", "in code.nonces[:1]")),
    ("enrol-nonce-of-any-code", "refuses a nonce that was used under another code", CODE, "    for other in end.codes:\n        if request.nonce in other.nonces and request.nonce not in code.nonces:\n            raise Refused('nonce_reused')\n" + CODE),
    ("enrol-nonce-before-expiry", "looks at the nonce before the expiry", EXPIRES + USES + NONCE, NONCE + EXPIRES + USES),
    ("enrol-nonce-before-uses", "looks at the nonce before the uses left", USES + NONCE, NONCE + USES),
    ("enrol-modulus-unchecked", "does not check the modulus of a request", MODULUS, ""),
    ("enrol-verify-key-unchecked", "does not check the Ed25519 key of a request", KEY, ""),
    ("enrol-signature-unchecked", "does not verify the signature of a request", SIGNED, ""),
    ("enrol-signature-before-keys", "verifies the signature before it checks the keys", MODULUS + KEY + SIGNED, SIGNED + MODULUS + KEY),
    ("enrol-keys-before-code", "checks the keys before the code", CODE + MODULUS + KEY, MODULUS + KEY + CODE),
    ("enrol-revoked-unchecked", "enrols again who went", MEMBER_GONE, ""),
    ("enrol-removed-only", "enrols a retired member again", MEMBER_GONE, MEMBER_GONE.replace("!= MemberStatus.granted", "== MemberStatus.removed")),
    ("enrol-retired-only", "enrols a removed member again", MEMBER_GONE, MEMBER_GONE.replace("!= MemberStatus.granted", "== MemberStatus.retired")),
    ("enrol-known-refused", "refuses the new code of a granted member", MEMBER_GONE, refusal("sender in end.members and code.role == Role.agent", "revoked") + MEMBER_GONE),
    ("enrol-removed-person-unchecked", "enrols a removed person again", PERSON_GONE, ""),
    ("enrol-person-unchecked", "enrols a person as an agent, or once more", PERSON, ""),
    ("enrol-person-code", "says revoked to a person who is granted", PERSON, PERSON.replace("wrong_recipient", "revoked")),
    ("enrol-member-as-manager", "makes a member a manager under one id", MEMBER, ""),
    ("enrol-member-any-role", "refuses a granted member's new code", MEMBER, MEMBER.replace("code.role == Role.manager and ", "")),
    ("enrol-person-before-revoked", "says wrong_recipient of a member who went", MEMBER_GONE + PERSON_GONE + PERSON + MEMBER, MEMBER + MEMBER_GONE + PERSON_GONE + PERSON),
    ("enrol-id-after-root", "asks for the root key before it looks at the id", ID + ROOT_ROLE, ROOT_ROLE + ID),
    ("enrol-root-role-unchecked", "lets managers take managers in", ROOT_ROLE + ROOT_KIND, ROOT_KIND.replace("code.kind == GrantKind.master", "code.kind == GrantKind.master and code.role == Role.agent")),
    ("enrol-root-kind-unchecked", "lets managers answer codes of kind master", ROOT_KIND, ""),
    ("enrol-root-always", "lets the owner alone take anybody in", ROOT_KIND, refusal("not end.root", "root_required")),
    ("enrol-approval-before-root", "asks for approval before the root key", ROOT_ROLE + ROOT_KIND + APPROVED, APPROVED + ROOT_ROLE + ROOT_KIND),
    ("enrol-approval-unchecked", "grants without the approval that the code asks for", APPROVED, ""),
    ("enrol-approval-always", "asks for approval whatever the code says", APPROVED, APPROVED.replace("code.approval == Approval.manual and ", "")),
    ("enrol-approval-skips-revoked", "lets a person's approval go over a removal", MEMBER_GONE, MEMBER_GONE.replace("if end.members", "if not end.approved and end.members")),
    ("enrol-approval-before-id", "asks for approval before it looks at the id", ID, APPROVED + ID),
    ("enrol-request-epoch-1", "writes epoch 1 in a request", "Header(MessageType.enrolment_request, code.account_id, 0)", "Header(MessageType.enrolment_request, code.account_id, 1)"),
    ("enrol-request-signed-before-mac", "signs a request before the MAC is in it",
     "    request.mac = request_mac(code.secret, code.account_id, request)\n    return EnrolmentRequest.parse(signature.sign(own.seed, request))\n",
     "    request = EnrolmentRequest.parse(signature.sign(own.seed, request))\n    request.mac = request_mac(code.secret, code.account_id, request)\n    return request\n"),
)
