import CPeers
import Endkey
import EndkeyPrimitives
import EndkeyWire

let secret = (0..<64).map { UInt8($0) }
let key = TokenKey(secret: SecretBytes(copying: secret), accountID: .zero, epoch: 7)
let strings = Corpus.values(10_000)
let values = FlatBytes(strings)
let ends = (0..<values.count).map { values.range($0).upperBound }
let ad = Array("endkey/1 token-ad".utf8) + [0] + [UInt8](repeating: 0, count: 16) + [0, 0, 0, 7, 4]
let head: [UInt8] = [1, 4, 0, 0, 0, 7]
let box = Box(try TokenSealer(key: key))
final class Box { var sealer: TokenSealer; init(_ s: consuming TokenSealer) { sealer = s } }

func peer(_ f: (UnsafePointer<PeerJob>, UnsafeMutablePointer<UInt8>) -> Int32, _ out: inout [UInt8]) throws {
  let r = unsafe values.bytes.withUnsafeBufferPointer { v in
    unsafe ends.withUnsafeBufferPointer { e in
      unsafe secret.withUnsafeBufferPointer { k in
        unsafe ad.withUnsafeBufferPointer { a in
          unsafe head.withUnsafeBufferPointer { h in
            var job = unsafe PeerJob(values: v.baseAddress, ends: e.baseAddress, count: e.count, key: k.baseAddress, ad: a.baseAddress, adCount: a.count, head: h.baseAddress)
            return unsafe out.withUnsafeMutableBufferPointer { unsafe f(&job, $0.baseAddress!) }
          }
        }
      }
    }
  }
  if r != 0 { fatalError("peer failed \(r)") }
}
let expected = try box.sealer.seal(values, field: .url)
nonisolated(unsafe) var buffers = [[UInt8](repeating: 0, count: expected.bytes.count), [UInt8](repeating: 0, count: expected.bytes.count),[UInt8](repeating: 0, count: expected.bytes.count)]
try peer(peer_siv_aesni, &buffers[0]); print(buffers[0] == expected.bytes)
try peer(peer_siv_evp, &buffers[1]); print(buffers[1] == expected.bytes)
try peer(peer_siv_gcrypt, &buffers[2]); print(buffers[2] == expected.bytes)
print(try TokenAgreement.disagreement(strings.map { Array($0.utf8) }, field: .url, key: key) ?? "agree")
let texts = try box.sealer.sealText(values, field: .url)
let plains = strings.map { Array($0.utf8) }
let ring = { var r = KeyRing(accountID: .zero, holder: .owner); r.add(key.copy()); return r }()
nonisolated(unsafe) var opener = TokenOpener(ring: ring)
if CommandLine.arguments.count > 1 { let n = CommandLine.arguments[1]; var o = FlatBytes(); for _ in 0..<2000 { switch n { case "seal": o.removeAll(); try box.sealer.seal(values, field: .url, into: &o); case "text": o.removeAll(); try box.sealer.sealText(values, field: .url, into: &o); case "open": _ = try opener.open(expected); default: for v in plains { _ = try box.sealer.seal(v, field: .url) } } } ; exit(0) }
import Foundation
var m = Measurement()
nonisolated(unsafe) var out = FlatBytes()
m.add("limit") { try peer(peer_siv_aesni, &buffers[0]) }
m.add("evp") { try peer(peer_siv_evp, &buffers[1]) }
m.add("gcrypt") { try peer(peer_siv_gcrypt, &buffers[2]) }
m.add("batch") { _ = try box.sealer.seal(values, field: .url) }
m.add("batch into") { out.removeAll(); try box.sealer.seal(values, field: .url, into: &out) }
m.add("batch text") { out.removeAll(); try box.sealer.sealText(values, field: .url, into: &out) }
m.add("strings") { _ = try box.sealer.seal(strings, field: .url) }
m.add("single binary") { for v in plains { _ = try box.sealer.seal(v, field: .url) } }
m.add("single string") { for v in strings { _ = try box.sealer.seal(v, field: .url).text } }
m.add("open binary") { _ = try opener.open(expected) }
m.add("open text") { _ = try opener.open(texts: texts) }
let r = try m.run()
for (k, v) in r.sorted(by: { $0.value < $1.value }) { print(k, v * 1e9 / 10_000, r["limit"]! / v, r["evp"]! / v) }
