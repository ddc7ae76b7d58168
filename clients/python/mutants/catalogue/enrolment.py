"""Enrolment (section 10.2)."""

from ..mutant import of_module

EXPIRES = '    if code.expires != NEVER and code.expires <= now:\n        raise Refused("code_expired")\n'
USES = '    if code.uses_left == 0:\n        raise Refused("code_expired")\n'
NONCE = '    if request.nonce in code.nonces:\n        raise Refused("nonce_reused")\n'
MAC = "        if backend.equal(request_mac(code.secret, owner.account_id, request), request.mac):\n"
MODULUS = "    rsa.check_modulus(request.modulus)\n"
KEY = "    ed25519.check_key(request.verify_key)\n"
SIGNED = "    signature.check(request.verify_key, message)\n"
REVOKED = '    if agent_id in owner.revoked:\n        raise Refused("revoked")\n'
DUE = '    if owner.rotation_due:\n        raise Refused("rotation_due")\n'
APPROVED = '    if code.approval == Approval.manual and not owner.approved:\n        raise Refused("approval_required")\n'
CODE = "    check_code(code, request, owner.now)\n"

MUTANTS = of_module(
    "enrolment.py",
    ("enrol-mac-unchecked", "grants to whoever asks: takes the first code without the MAC", MAC, "        if found is None:\n"),
    ("enrol-mac-first-byte", "compares only the first byte of the MAC", MAC, "        if request_mac(code.secret, owner.account_id, request)[0] == request.mac[0]:\n"),
    ("enrol-mac-first-16", "compares only the first half of the MAC", MAC, "        if request_mac(code.secret, owner.account_id, request)[:16] == request.mac[:16]:\n"),
    ("enrol-mac-all-but-last", "compares the MAC without its last byte", MAC, "        if request_mac(code.secret, owner.account_id, request)[:31] == request.mac[:31]:\n"),
    ("enrol-first-code-only", "tries only the first code", "    for index, code in enumerate(owner.codes):\n", "    for index, code in enumerate(owner.codes[:1]):\n"),
    ("enrol-last-code-only", "tries only the last code", "    for index, code in enumerate(owner.codes):\n", "    for index, code in list(enumerate(owner.codes))[-1:]:\n"),
    ("enrol-live-codes-only", "does not try codes without uses or past their expiry", "    for index, code in enumerate(owner.codes):\n", "    for index, code in enumerate(owner.codes):\n        if code.uses_left == 0 or 0 < code.expires <= owner.now:\n            continue\n"),
    ("enrol-code-index-from-one", "numbers codes from 1", "            found = index\n", "            found = index + 1 if index + 1 < len(owner.codes) else index\n"),
    ("enrol-mac-without-modulus", "leaves the modulus out of the MAC", "return backend.hmac_sha256(key, request.before_mac())", "return backend.hmac_sha256(key, request.header.write() + request.verify_key + request.nonce)"),
    ("enrol-mac-without-verify-key", "leaves the Ed25519 key out of the MAC", "return backend.hmac_sha256(key, request.before_mac())", "return backend.hmac_sha256(key, request.header.write() + request.modulus + request.nonce)"),
    ("enrol-mac-without-nonce", "leaves the nonce out of the MAC", "return backend.hmac_sha256(key, request.before_mac())", "return backend.hmac_sha256(key, request.before_mac()[:-32])"),
    ("enrol-mac-without-header", "leaves the header out of the MAC", "return backend.hmac_sha256(key, request.before_mac())", "return backend.hmac_sha256(key, request.before_mac()[24:])"),
    ("enrol-mac-key-is-secret", "uses the code's secret itself as the key of the MAC", "return backend.hmac_sha256(key, request.before_mac())", "return backend.hmac_sha256(secret, request.before_mac())"),
    ("enrol-mac-key-without-account", "derives the key of the MAC without the account id", 'key = derive(secret, "enrolment-mac", account_id)', 'key = derive(secret, "enrolment-mac", b"")'),
    ("enrol-account-unchecked", "does not compare the account of a request", '    if request.header.account_id != owner.account_id:\n        raise Refused("wrong_account")\n', ""),
    ("enrol-account-first-half", "compares only the first half of the account of a request", "    if request.header.account_id != owner.account_id:\n", "    if request.header.account_id[:8] != owner.account_id[:8]:\n"),
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
    ("enrol-nonce-of-any-code", "refuses a nonce that was used under another code", CODE, "    for other in owner.codes:\n        if request.nonce in other.nonces and request.nonce not in code.nonces:\n            raise Refused('nonce_reused')\n" + CODE),
    ("enrol-nonce-before-expiry", "looks at the nonce before the expiry", EXPIRES + USES + NONCE, NONCE + EXPIRES + USES),
    ("enrol-nonce-before-uses", "looks at the nonce before the uses left", USES + NONCE, NONCE + USES),
    ("enrol-modulus-unchecked", "does not check the modulus of a request", MODULUS, ""),
    ("enrol-verify-key-unchecked", "does not check the Ed25519 key of a request", KEY, ""),
    ("enrol-signature-unchecked", "does not verify the signature of a request", SIGNED, ""),
    ("enrol-signature-before-keys", "verifies the signature before it checks the keys", MODULUS + KEY + SIGNED, SIGNED + MODULUS + KEY),
    ("enrol-keys-before-code", "checks the keys before the code", CODE + MODULUS + KEY, MODULUS + KEY + CODE),
    ("enrol-revoked-unchecked", "enrols a revoked agent again", REVOKED, ""),
    ("enrol-revoked-first-only", "looks only at the first revoked id", REVOKED, REVOKED.replace("in owner.revoked", "in owner.revoked[:1]")),
    ("enrol-revoked-last-only", "looks only at the last revoked id", REVOKED, REVOKED.replace("in owner.revoked", "in owner.revoked[-1:]")),
    ("enrol-rotation-unchecked", "grants while rotation is due", DUE, ""),
    ("enrol-rotation-before-revoked", "says rotation_due to a revoked agent", REVOKED + DUE, DUE + REVOKED),
    ("enrol-approval-unchecked", "grants without the approval that the code asks for", APPROVED, ""),
    ("enrol-approval-always", "asks for approval whatever the code says", APPROVED, APPROVED.replace("code.approval == Approval.manual and ", "")),
    ("enrol-approval-skips-revoked", "lets a person's approval go over a revocation", REVOKED, REVOKED.replace("if agent_id", "if not owner.approved and agent_id")),
    ("enrol-approval-before-revoked", "asks for approval before it looks at revocations", REVOKED + DUE + APPROVED, APPROVED + REVOKED + DUE),
    ("enrol-request-epoch-1", "writes epoch 1 in a request", "Header(MessageType.enrolment_request, code.account_id, 0)", "Header(MessageType.enrolment_request, code.account_id, 1)"),
    ("enrol-request-signed-before-mac", "signs a request before the MAC is in it",
     "    request.mac = request_mac(code.secret, code.account_id, request)\n    request.signature = signature.sign(seed, request.unsigned())[-signature.SIZE:]\n",
     "    request.signature = signature.sign(seed, request.before_mac())[-signature.SIZE:]\n    request.mac = request_mac(code.secret, code.account_id, request)\n"),
    ("enrol-request-account-secret", "makes a request from the text of an account secret as well", "code = secret_text.decode(secret_text.CODE, code_text)", "code = secret_text.decode(code_text[:3].lower(), code_text)"),
) + of_module(
    "wire/enrolment_request.py",
    ("enrol-wire-epoch-any", "accepts a request with an epoch", "Header.read(reader, MessageType.enrolment_request, no_epoch=True)", "Header.read(reader, MessageType.enrolment_request, any_epoch=True)"),
    ("enrol-wire-nonce-before-key", "has nonce and key in the wrong order", "return self.header.write() + self.modulus + self.verify_key + self.nonce", "return self.header.write() + self.modulus + self.nonce + self.verify_key"),
    ("enrol-wire-mac-behind-signature", "signs all bytes but the MAC", "return self.before_mac() + self.mac\n\n    def write(self) -> bytes:\n        return self.unsigned() + self.signature", "return self.before_mac()\n\n    def write(self) -> bytes:\n        return self.before_mac() + self.mac + self.signature"),
) + of_module(
    "enrolment.py",
    ("enrol-no-codes-code", "says code_expired where the vault has no codes", '    if found is None:\n        raise Refused("mac_invalid")\n', '    if not owner.codes:\n        raise Refused("code_expired")\n    if found is None:\n        raise Refused("mac_invalid")\n'),
)
