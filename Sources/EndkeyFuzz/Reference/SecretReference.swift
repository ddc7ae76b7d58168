/// What secret texts may hold, by the letter of §18.1 and §8.4.
enum SecretReference {
  /// 47 bytes: version, account, secret, and the terms of an enrolment code.
  static func isCode(_ content: [UInt8]) -> Bool {
    guard content.count == 47, content[0] == 1 else { return false }
    let generation = content[33..<37].contains { $0 > 0 }
    // Below 2^53.
    let made = content[37] == 0 && content[38] < 0x20
    let (kind, role) = (content[45], content[46])
    // A manager's code is one of the MasterKey.
    return generation && made && [1, 2].contains(kind) && (role == 1 || (role == 2 && kind == 1))
  }

  /// 33 bytes: version, and what is secret and whose.
  static func isSecret(_ content: [UInt8]) -> Bool { content.count == 33 && content[0] == 1 }
}
