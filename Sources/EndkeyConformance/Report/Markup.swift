/// Text for XML and HTML.
public enum Markup {
  /// For content and attributes. Characters that XML cannot hold, or that change how others are shown, become `?`.
  public static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
      default: escaped.unicodeScalars.append(scalar.isShown ? scalar : "?")
      }
    }
    return escaped
  }
}
