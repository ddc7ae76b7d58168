internal import EndkeySuite

/// A badge for a client's README.
extension Report {
  /// What the badge says: that the client conforms to its profile, or how much of what it claims passes.
  var badgeText: String {
    isComplete ? "\(profile.rawValue) \(SuiteVersion.suite)" : "\(passed)/\(planned)"
  }

  public var badge: [UInt8] {
    let (label, text) = ("endkey", badgeText)
    let (left, right) = (10 + 7 * label.count, 10 + 7 * text.count)
    let color = isComplete ? "#2a7f3f" : isPass ? "#8a6d00" : "#b3261e"
    return Array(
      """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(left + right)" height="20" role="img" \
      aria-label="\(label): \(text)">
      <title>\(label): \(text)</title>
      <rect width="\(left)" height="20" fill="#444"/>
      <rect x="\(left)" width="\(right)" height="20" fill="\(color)"/>
      <g fill="#fff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="11" text-anchor="middle">
      <text x="\(left / 2)" y="14">\(label)</text>
      <text x="\(left + right / 2)" y="14">\(text)</text>
      </g>
      </svg>

      """.utf8)
  }
}
