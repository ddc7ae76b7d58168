internal import EndkeyPrimitives

extension SecretOperation {
  /// Leaks, each the easy way to do what the operations above do. All must be reported, or the method sees nothing.
  static let planted: [SecretOperation] = [
    SecretOperation("leak-lookup") { mark in
      let index = secret([3], mark).withBytes { $0[0] }
      let value = [table[Int(index & 63)]]
      return open(value, mark) == [table[3]]
    },
    SecretOperation("leak-early-exit") { mark in
      let a = bytes(11, 32)
      let b = secret(a, mark)
      let isEqual = b.withBytes { b in
        for index in b.indices where b[index] != a[index] { return false }
        return true
      }
      return settled(isEqual, mark)
    },
    SecretOperation("leak-equality") { mark in
      // The library's own comparison, in somebody else's code that ours calls.
      let key = open(bytes(14, 32), mark)
      mark(key.span, true)
      return settled(key == bytes(14, 32), mark)
    },
    SecretOperation("leak-padding") { mark in
      // The end of the value searched from its start: its bytes are looked at.
      let padded = secret(Array("value".utf8) + [0x80] + [UInt8](repeating: 0, count: 10), mark)
      let end = padded.withBytes { padded in
        var end = 0
        while end < padded.count, padded[end] != 0x80 { end += 1 }
        return end
      }
      return end == 5
    },
    SecretOperation("leak-bech32m-encode") { mark in
      let number = secret([9], mark).withBytes { $0[0] & 31 }
      let text = [alphabet[Int(number)]]
      return open(text, mark) == [alphabet[9]]
    },
    SecretOperation("leak-bech32m-decode") { mark in
      let character = secret([alphabet[9]], mark).withBytes { $0[0] }
      return alphabet.firstIndex(of: character) == 9
    },
    SecretOperation("leak-bech32m-case") { mark in
      var lower: [UInt8] = []
      secret(Array("Q8".utf8), mark).withBytes { text in
        for index in text.indices {
          switch text[index] {
          case UInt8(ascii: "A")...UInt8(ascii: "Z"): lower.append(text[index] | 32)
          default: lower.append(text[index])
          }
        }
      }
      return open(lower, mark) == Array("q8".utf8)
    },
    SecretOperation("leak-base64url") { mark in
      // A key as most programs would print it.
      let text = secret(bytes(13, 3), mark).withBytes { bytes in
        let bits = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
        return [18, 12, 6, 0].map { base64url[bits >> $0 & 63] }
      }
      return open(text, mark).allSatisfy(base64url.contains)
    },
    SecretOperation("leak-password") { mark in
      // Each byte looked at by itself, to know whether a table is needed.
      let password = secret(Array("correct horse".utf8), mark)
      let isASCII = password.withBytes { password in
        for index in password.indices where password[index] >= 0x80 { return false }
        return true
      }
      return settled(isASCII, mark)
    },
  ]

  private static let table: [UInt8] = (0..<64).map { UInt8($0) &* 37 }
  private static let base64url = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
  private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
}
