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
  /// What persons call somebody.
  static func quoted(_ label: [UInt8]) -> String {
    label.isEmpty ? "no label" : "\"\(Legible.text(String(decoding: label, as: UTF8.self)))\""
  }

  /// Tells that members or persons whose label was set just now are called as others are.
  static func noteDoubles(of named: Set<AgentID>, in vault: Vault?) throws {
    guard let vault else { return }
    let groups = [
      vault.members.filter { $0.status == .granted }.map { (id: $0.agentID, label: $0.label.bytes) },
      vault.persons.map { (id: $0.personID, label: $0.label.bytes) },
    ]
    for group in groups {
      let looks = Dictionary(grouping: group) { Legible.skeleton(String(decoding: $0.label, as: UTF8.self)) }
      for (look, alike) in looks where !look.isEmpty && alike.count > 1 {
        guard let one = alike.first(where: { named.contains($0.id) }) else { continue }
        try note(
          "\(alike.count) are called \(quoted(one.label)), or so that it looks alike: `endkey account label` tells "
            + "them apart")
      }
    }
  }

  /// Tells that computers which come by a new code will be called as one is that is there.
  static func noteDoubles(ofCode label: String, in vault: Vault?) throws {
    let look = Legible.skeleton(label)
    let isTaken = vault?.members.contains { member in
      member.status == .granted
        && Legible.skeleton(String(decoding: member.label.bytes, as: UTF8.self)) == look
    }
    guard !look.isEmpty, isTaken == true else { return }
    try note(
      "a computer is called \(quoted(Array(label.utf8))) already, and so will be those that come by this code: "
        + "`endkey account label` tells them apart")
  }
}
