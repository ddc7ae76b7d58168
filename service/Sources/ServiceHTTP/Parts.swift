internal import EndkeyJSON
internal import EndkeyWire
internal import HTTPTypes
internal import Hummingbird
internal import ServiceHash
internal import ServiceModel

// Parts of what is stored. RFC 9110, section 14

extension Exchange {
  /// The part that is asked for of something of `count` bytes and this tag; nil for all of it. Throws `range` for a
  /// part that is not there. H-7.3-3
  func part(of count: Int, _ tag: Hash) throws(Problem) -> Range<Int>? {
    guard let text = headers[.range], text.hasPrefix("bytes="),
      headers[.ifRange] ?? "\"\(tag)\"" == "\"\(tag)\""
    else { return nil }
    let ends = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }), ends != ["", ""]
    else {
      return nil
    }
    // A number that is too large is beyond the end all the same.
    let numbers = ends.map { $0.isEmpty ? nil : Int($0) ?? .max }
    let part: Range<Int>
    switch (numbers[0], numbers[1]) {
    case (let first?, let last?):
      guard first <= last else { return nil }
      part = min(first, count)..<(last < count ? last + 1 : count)
    case (let first?, nil): part = min(first, count)..<count
    case (nil, let length): part = count - min(length ?? 0, count)..<count
    }
    guard !part.isEmpty else { throw Problem(.range, [("length", .integer(count))]) }
    return part
  }
}

extension Answer {
  /// The same answer, which has a part of `count` bytes, or all of them where `part` is nil.
  func part(_ part: Range<Int>?, of count: Int) -> Answer {
    var answer = self
    answer.headers[.acceptRanges] = "bytes"
    guard let part else { return answer }
    answer.status = .partialContent
    answer.headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(count)"
    return answer
  }
}
