// A client of the suite that has just begun: Swift 6, OpenSSL; on Apple's systems put CryptoKit for it.
//   swiftc -parse-as-library -I . beginning.swift && endkey conform -- ./beginning
import Foundation
import OpenSSL

struct Refused: Error { let why: String }

/// The member `in` of a request: bytes are hex, and a label is text.
struct Input {
  let members: [String: Any]

  func text(_ name: String) throws -> String {
    guard let text = members[name] as? String else { throw Refused(why: "no \(name)") }
    return text
  }
  func bytes(_ name: String) throws -> [UInt8] {
    let digits = try text(name).map { digit in
      guard digit.isASCII, let value = digit.hexDigitValue else { throw Refused(why: "no hex") }
      return UInt8(value)
    }
    guard digits.count.isMultiple(of: 2) else { throw Refused(why: "hex of an odd length") }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
func hex(_ bytes: some Sequence<UInt8>) -> String { bytes.map { String(format: "%02x", $0) }.joined() }

func labelled(_ label: String, _ data: [UInt8]) -> [UInt8] { Array("endkey/1 \(label)\0".utf8) + data }
func hash(_ label: String, _ data: [UInt8]) throws -> [UInt8] {
  var out = [UInt8](repeating: 0, count: 32)
  let text = labelled(label, data)
  guard EVP_Digest(text, text.count, &out, nil, EVP_sha256(), nil) == 1 else { throw Refused(why: "SHA-256") }
  return out
}
func hmac(_ key: [UInt8], _ data: [UInt8]) throws -> [UInt8] {
  var out = [UInt8](repeating: 0, count: 32)
  guard HMAC(EVP_sha256(), key, Int32(key.count), data, data.count, &out, nil) != nil else {
    throw Refused(why: "HMAC")
  }
  return out
}
func hkdf(_ key: [UInt8], _ info: [UInt8], _ count: Int) throws -> [UInt8] {
  let secret = try hmac([UInt8](repeating: 0, count: 32), key)
  var block: [UInt8] = []
  var out: [UInt8] = []
  while out.count < count {
    block = try hmac(secret, block + info + [UInt8(out.count / 32 + 1)])
    out += block
  }
  return Array(out.prefix(count))
}
func pbkdf2(_ password: [UInt8], _ salt: [UInt8], _ iterations: Any?) throws -> [UInt8] {
  guard let iterations = iterations as? Int32 else { throw Refused(why: "no iterations") }
  var out = [UInt8](repeating: 0, count: 32)
  let characters = password.map { CChar(bitPattern: $0) }
  let done = PKCS5_PBKDF2_HMAC(
    characters, Int32(characters.count), salt, Int32(salt.count), iterations, EVP_sha256(), 32, &out)
  guard done == 1 else { throw Refused(why: "PBKDF2") }
  return out
}

let operations: [String: @Sendable (Input) throws -> [String: String]] = [
  "hash": { ["hash": hex(try hash($0.text("label"), $0.bytes("data")))] },
  "hmac": { ["mac": hex(try hmac($0.bytes("key"), $0.bytes("data")))] },
  "derive": {
    let (label, context) = (try $0.text("label"), try $0.bytes("context"))
    return ["key": hex(try hkdf($0.bytes("key"), labelled(label, context), label == "token" ? 64 : 32))]
  },
  "pbkdf2": { ["key": hex(try pbkdf2($0.bytes("password"), $0.bytes("salt"), $0.members["iterations"]))] },
  "account-id": { ["account_id": hex(try hash("account-id", $0.bytes("root_key")).prefix(16))] },
  "agent-id": {
    ["agent_id": hex(try hash("agent-id", $0.bytes("modulus") + $0.bytes("verify_key")).prefix(16))]
  },
]

func answer(_ request: [String: Any]) -> [String: Any] {
  if request["cmd"] as? String == "hello" {
    return ["v": 1, "client": ["name": "beginning-swift", "version": "0"], "ops": Array(operations.keys)]
  }
  guard let name = request["op"] as? String, let operation = operations[name] else {
    return ["outcome": "unsupported", "reason": "not written yet"]
  }
  do {
    return ["outcome": "ok", "out": try operation(Input(members: request["in"] as? [String: Any] ?? [:]))]
  } catch {
    return ["outcome": "error", "detail": "\(error)"]
  }
}

@main struct Beginning {
  static func main() throws {
    while let line = readLine() {
      guard let request = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let number = request["seq"] as? Int
      else { throw Refused(why: "no request") }
      if request["cmd"] as? String == "bye" { break }
      let out = answer(request).merging(["seq": number]) { $1 }
      FileHandle.standardOutput.write(try JSONSerialization.data(withJSONObject: out) + Data("\n".utf8))
    }
  }
}
