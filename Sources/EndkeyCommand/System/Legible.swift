internal import Endkey
internal import EndkeyWire
internal import Foundation

/// How a value or a label is written so that a person sees it, and tells it from others.
enum Legible {
  /// Text from elsewhere, with what nobody sees of it written as `\u{...}`: all that steers a terminal, what takes no
  /// place, and a whole text that is blank.
  static func text(_ text: String) -> String {
    if text.isEmpty { return empty }
    let isBlank = skeleton(text).isEmpty
    var legible = ""
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      let isEscape = scalar == "\\" && rest.starts(with: "u{".unicodeScalars)
      let isHidden = scalar.isBlank && !scalar.isJoining
      if isBlank || isEscape || isHidden || text == empty && legible.isEmpty {
        legible += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        legible.unicodeScalars.append(scalar)
      }
    }
    return Console.shown(legible)
  }

  /// What is left of a text to the eye: equal for texts that differ in white space, in what takes no place, in case and
  /// in width.
  static func skeleton(_ text: String) -> String {
    let folded = text.precomposedStringWithCompatibilityMapping.lowercased()
    let words = folded.split { $0.isWhitespace || $0.unicodeScalars.allSatisfy(\.isBlank) }
    return words.map { word in String(String.UnicodeScalarView(word.unicodeScalars.filter { !$0.isBlank })) }
      .joined(separator: " ")
  }

  private static let empty = "(empty)"
}

extension Unicode.Scalar {
  /// Whether it takes no place, or has no ink.
  fileprivate var isBlank: Bool {
    properties.isDefaultIgnorableCodePoint || properties.generalCategory == .control || value == 0x2800
      || (0xfff9...0xfffb).contains(value)
  }

  /// Whether scripts and emoji need it: joiners and selectors of variants.
  fileprivate var isJoining: Bool { value == 0x200c || value == 0x200d || (0xfe00...0xfe0f).contains(value) }
}

// MARK: - Labels

extension Console {
  /// What persons call somebody, with the letters that do not belong to the rest of their word named.
  static func quoted(_ label: [UInt8]) -> String {
    guard !label.isEmpty else { return "no label" }
    let text = String(decoding: label, as: UTF8.self)
    let strange = LookAlikes.strangers(in: text).map { "U+\(Self.hexadecimal($0))" }
    let shown = "\"\(Legible.text(text))\""
    return strange.isEmpty ? shown : "\(shown) (with \(listed(strange)))"
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// The first of some names.
  private static func listed(_ names: [String]) -> String {
    names.prefix(4).joined(separator: ", ") + (names.count > 4 ? " and \(names.count - 4) more" : "")
  }

  /// Tells that members or persons whose label was set just now are called as others are.
  static func noteDoubles(of named: Set<AgentID>, in vault: Vault?) throws {
    try noteAlike(in: vault) { alike in alike.contains { named.contains($0.id) } }
  }

  /// Tells that members or persons are called by labels that look alike and are different ones.
  static func noteDisguises(in vault: Vault?) throws {
    try noteAlike(in: vault) { alike in Set(alike.map(\.label)).count > 1 }
  }

  private typealias Named = (id: AgentID, label: [UInt8])

  private static func noteAlike(in vault: Vault?, _ isTold: ([Named]) -> Bool) throws {
    guard let vault else { return }
    let groups: [[Named]] = [
      vault.members.filter { $0.status == .granted }.map { (id: $0.agentID, label: $0.label.bytes) },
      vault.persons.map { (id: $0.personID, label: $0.label.bytes) },
    ]
    for group in groups {
      var looks: [String: [Named]] = [:]
      for named in group {
        for look in LookAlikes.looks(of: String(decoding: named.label, as: UTF8.self)) {
          looks[look, default: []].append(named)
        }
      }
      var told: Set<[AgentID]> = []
      for (_, alike) in looks.sorted(by: { $0.key < $1.key })
      where alike.count > 1 && isTold(alike) && told.insert(alike.map(\.id)).inserted {
        let names = listed(alike.map { "\("\($0.id)".prefix(8)) \(quoted($0.label))" })
        try note(
          "\(alike.count) are called so that it looks alike, \(names): `endkey account label` tells them apart"
        )
      }
    }
  }

  /// Tells that computers which come by a new code will be called as one is that is there.
  static func noteDoubles(ofCode label: String, in vault: Vault?) throws {
    let looks = LookAlikes.looks(of: label)
    let taken = vault?.members.first { member in
      member.status == .granted
        && !looks.isDisjoint(with: LookAlikes.looks(of: String(decoding: member.label.bytes, as: UTF8.self)))
    }
    guard let taken else { return }
    try note(
      "a computer is called \(quoted(taken.label.bytes)) already, and those that come by this code will be "
        + "\(quoted(Array(label.utf8))): `endkey account label` tells them apart")
  }
}
