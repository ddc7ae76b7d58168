internal import EndkeyJSON

/// What anybody can make without a key, and no reader can tell from what was made with one (sections 2.4, 8.3, 14.3
/// and 15.1 of the specification).
enum PublicForms {
  /// A Token whose V and C are drawn.
  static func token(_ drawing: inout Drawing) -> [UInt8] {
    let count = 16 << drawing.number(0...8)
    return [1, UInt8(drawing.number(1...5))] + epoch(&drawing) + drawing.bytes(16) + big(UInt16(count))
      + drawing.bytes(count)
  }

  /// A SealedBlob whose sealed part is drawn.
  static func blob(_ drawing: inout Drawing) -> [UInt8] {
    let head = Array("EK".utf8) + [1, 7] + drawing.bytes(16) + epoch(&drawing)
    return head + [UInt8(drawing.number(16...21))] + drawing.bytes(16) + drawing.bytes(72...400)
  }

  static func tokenText(_ token: [UInt8]) -> [UInt8] { Array("ekt1_".utf8) + base64url(token) }

  /// The blob stands behind its length.
  static func blobText(_ blob: [UInt8]) -> [UInt8] {
    Array("eks1_".utf8) + base64url(big(UInt32(blob.count)).dropFirst() + blob)
  }

  static func base64url(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var (text, bits, count): ([UInt8], UInt32, UInt32) = ([], 0, 0)
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 6 {
        count -= 6
        text.append(alphabet[Int(bits >> count & 63)])
      }
    }
    if count > 0 { text.append(alphabet[Int(bits << (6 - count) & 63)]) }
    return text
  }

  static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  private static func epoch(_ drawing: inout Drawing) -> [UInt8] {
    big(UInt32(drawing.edge(1...Int(UInt32.max))))
  }
}
