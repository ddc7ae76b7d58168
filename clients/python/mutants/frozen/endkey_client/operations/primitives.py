"""Primitives and derivations."""

from .. import backend, keys, passwords
from ..arguments import Arguments
from ..errors import Refused
from ..primitives import chunked, ed25519, hkdf, kw, oaep, pbkdf2, rsa, siv
from ..primitives.hashes import labelled_hash
from .registry import Answer, operation
from .shared import rsa_primes


@operation("hash")
def hash_operation(a: Arguments) -> Answer:
    return {"hash": labelled_hash(a.text("label"), a.bytes("data")).hex()}


@operation("derive")
def derive_operation(a: Arguments) -> Answer:
    return {"key": hkdf.derive(a.bytes("key"), a.text("label"), a.bytes("context")).hex()}


@operation("pbkdf2")
def pbkdf2_operation(a: Arguments) -> Answer:
    return {"key": pbkdf2.pbkdf2(a.bytes("password"), a.bytes("salt"), a.number("iterations")).hex()}


@operation("hmac")
def hmac_operation(a: Arguments) -> Answer:
    return {"mac": backend.hmac_sha256(a.bytes("key"), a.bytes("data")).hex()}


@operation("kw/wrap")
def kw_wrap(a: Arguments) -> Answer:
    return {"wrapped": kw.wrap(a.bytes("kek"), a.bytes("key")).hex()}


@operation("kw/unwrap")
def kw_unwrap(a: Arguments) -> Answer:
    return {"key": kw.unwrap(a.bytes("kek"), a.bytes("wrapped")).hex()}


@operation("oaep/encrypt")
def oaep_encrypt(a: Arguments) -> Answer:
    modulus = a.bytes("modulus")
    rsa.check_modulus(modulus)
    return {"ciphertext": oaep.encrypt(modulus, a.bytes("seed"), a.bytes("message")).hex()}


@operation("oaep/decrypt")
def oaep_decrypt(a: Arguments) -> Answer:
    return {"message": oaep.decrypt(*rsa_primes(a), a.bytes("ciphertext")).hex()}


@operation("rsa/check")
def rsa_check(a: Arguments) -> Answer:
    rsa.check_modulus(a.bytes("modulus"))
    return {}


@operation("ed25519/sign")
def ed25519_sign(a: Arguments) -> Answer:
    seed = a.bytes("seed")
    signature = backend.ed25519_sign(seed, a.bytes("message"))
    return {"verify_key": backend.ed25519_public_key(seed).hex(), "signature": signature.hex()}


@operation("ed25519/verify")
def ed25519_verify(a: Arguments) -> Answer:
    verify_key = a.bytes("verify_key")
    ed25519.check_key(verify_key)
    if not ed25519.verifies(verify_key, a.bytes("message"), a.bytes("signature")):
        raise Refused("signature_invalid")
    return {}


@operation("siv/seal")
def siv_seal(a: Arguments) -> Answer:
    v, c = siv.seal(a.bytes("key"), a.bytes("ad"), a.bytes("plaintext"))
    return {"v": v.hex(), "c": c.hex()}


@operation("siv/open")
def siv_open(a: Arguments) -> Answer:
    return {"plaintext": siv.open_sealed(a.bytes("key"), a.bytes("ad"), a.bytes("v"), a.bytes("c")).hex()}


@operation("sealed/seal")
def sealed_seal(a: Arguments) -> Answer:
    return {"sealed": chunked.seal(a.bytes("key"), a.bytes("context"), a.bytes("salt"), a.bytes("plaintext")).hex()}


@operation("sealed/open")
def sealed_open(a: Arguments) -> Answer:
    return {"plaintext": chunked.open_sealed(
        a.bytes("key"), a.bytes("context"), a.bytes("sealed"), "blob_open_failed").hex()}


@operation("normal/password")
def normal_password(a: Arguments) -> Answer:
    return {"normal": passwords.normal_password(a.bytes("password")).hex()}


@operation("normal/login-name")
def normal_login_name(a: Arguments) -> Answer:
    return {"normal": passwords.normal_login_name(a.bytes("login_name")).hex()}


@operation("keys")
def keys_operation(a: Arguments) -> Answer:
    epoch = (a.bytes("master_key"), a.bytes("account_id"), a.number("epoch"))
    agent_id = a.bytes("agent_id")
    agent_key = keys.agent_key(*epoch, agent_id)
    return {
        "token_key": keys.token_key(*epoch).hex(),
        "agent_key": agent_key.hex(),
        "vault_key": keys.vault_key(*epoch).hex(),
        "commitment": keys.commitment(*epoch).hex(),
        "blob_key": keys.blob_key(agent_key, *epoch[1:], agent_id).hex(),
    }


@operation("account-id")
def account_id_operation(a: Arguments) -> Answer:
    return {"account_id": keys.account_id(a.bytes("root_key")).hex()}


@operation("agent-id")
def agent_id_operation(a: Arguments) -> Answer:
    return {"agent_id": keys.agent_id(a.bytes("modulus"), a.bytes("verify_key")).hex()}
