internal import EndkeyJSON

extension Unicode.Scalar {
  /// Whether it is shown as itself, and changes nothing around it: no control, no mark of direction.
  var isShown: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
    default: true
    }
  }
}

extension [UInt8] {
  /// The start of a text from elsewhere, safe to print.
  var excerpt: String { excerpt(160) }

  func excerpt(_ maximum: Int) -> String {
    var text = ""
    for scalar in String(decoding: prefix(maximum), as: UTF8.self).unicodeScalars {
      text.unicodeScalars.append(scalar.isShown ? scalar : "?")
    }
    return count > maximum ? text + "…" : text
  }
}

extension JSONValue {
  /// One line, cut.
  var short: String { Array(serialized(.compact).dropLast()).excerpt(200) }
}
