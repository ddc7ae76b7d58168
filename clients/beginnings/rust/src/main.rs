//! A client of the suite that has just begun: Rust 2021, RustCrypto.
//!
//! cargo build --release && endkey conform -- target/release/beginning
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use std::io::{BufRead, Write};

type Answer = Result<Value, String>;

fn text<'a>(given: &'a Value, name: &str) -> Result<&'a str, String> {
    given[name].as_str().ok_or(format!("no {name}"))
}
fn bytes(given: &Value, name: &str) -> Result<Vec<u8>, String> {
    hex::decode(text(given, name)?).map_err(|error| format!("{name}: {error}"))
}

fn labelled(label: &str, data: &[u8]) -> Vec<u8> {
    [b"endkey/1 ", label.as_bytes(), b"\0", data].concat()
}
fn hash(label: &str, data: &[u8]) -> Vec<u8> {
    Sha256::digest(labelled(label, data)).to_vec()
}
fn mac(key: &[u8], data: &[u8]) -> Answer {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|error| error.to_string())?;
    mac.update(data);
    Ok(json!({"mac": hex::encode(mac.finalize().into_bytes())}))
}
fn derive(key: &[u8], label: &str, context: &[u8]) -> Answer {
    let mut out = vec![0; if label == "token" { 64 } else { 32 }];
    let info = labelled(label, context);
    Hkdf::<Sha256>::new(None, key).expand(&info, &mut out).map_err(|error| error.to_string())?;
    Ok(json!({"key": hex::encode(out)}))
}
fn pbkdf2(password: &[u8], salt: &[u8], iterations: &Value) -> Answer {
    let rounds = iterations.as_u64().and_then(|count| u32::try_from(count).ok()).ok_or("no iterations")?;
    let mut out = [0; 32];
    let _ = pbkdf2::pbkdf2::<Hmac<Sha256>>(password, salt, rounds, &mut out);
    Ok(json!({"key": hex::encode(out)}))
}

const OPERATIONS: [(&str, fn(&Value) -> Answer); 6] = [
    ("hash", |given| Ok(json!({"hash": hex::encode(hash(text(given, "label")?, &bytes(given, "data")?))}))),
    ("hmac", |given| mac(&bytes(given, "key")?, &bytes(given, "data")?)),
    ("derive", |given| derive(&bytes(given, "key")?, text(given, "label")?, &bytes(given, "context")?)),
    ("pbkdf2", |given| pbkdf2(&bytes(given, "password")?, &bytes(given, "salt")?, &given["iterations"])),
    ("account-id", |given| {
        Ok(json!({"account_id": hex::encode(&hash("account-id", &bytes(given, "root_key")?)[..16])}))
    }),
    ("agent-id", |given| {
        let keys = [bytes(given, "modulus")?, bytes(given, "verify_key")?].concat();
        Ok(json!({"agent_id": hex::encode(&hash("agent-id", &keys)[..16])}))
    }),
];

fn answer(request: &Value) -> Value {
    if request["cmd"] == "hello" {
        let names: Vec<_> = OPERATIONS.iter().map(|(name, _)| name).collect();
        return json!({"v": 1, "client": {"name": "beginning-rust", "version": "0"}, "ops": names});
    }
    match OPERATIONS.iter().find(|(name, _)| request["op"] == *name).map(|(_, run)| run(&request["in"])) {
        None => json!({"outcome": "unsupported", "reason": "not written yet"}),
        Some(Ok(out)) => json!({"outcome": "ok", "out": out}),
        Some(Err(detail)) => json!({"outcome": "error", "detail": detail}),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut output = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        if request["cmd"] == "bye" {
            break;
        }
        let mut out = answer(&request);
        out["seq"] = request["seq"].clone();
        writeln!(output, "{out}")?;
        output.flush()?;
    }
    Ok(())
}
