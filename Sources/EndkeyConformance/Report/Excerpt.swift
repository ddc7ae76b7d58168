internal import EndkeyJSON

extension [UInt8] {
  /// The start of a text from elsewhere, safe to print.
  var excerpt: String { excerpt(160) }

  func excerpt(_ maximum: Int) -> String {
    var text = ""
    for scalar in String(decoding: prefix(maximum), as: UTF8.self).unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: text += "?"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return count > maximum ? text + "…" : text
  }
}

extension JSONValue {
  /// One line, cut.
  var short: String { Array(serialized(.compact).dropLast()).excerpt(200) }
}
