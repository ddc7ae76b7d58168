// Arithmetic that ends at the ends of the range: what came from outside can neither trap nor wrap it.

extension Time {
  /// The greatest time there is.
  public static let max = Time(unchecked: Limit.counterMax)

  /// The time that many milliseconds later, or the greatest.
  public func adding(milliseconds: UInt64) -> Time {
    Time(unchecked: saturatedSum(self.milliseconds, milliseconds))
  }

  /// The time that many hours later, or the greatest.
  public func adding(hours: Int) -> Time { adding(milliseconds: UInt64(hours) * 3_600_000) }

  /// The time that many days later, or the greatest.
  public func adding(days: Int) -> Time { adding(milliseconds: UInt64(days) * 86_400_000) }

  /// The time that many days earlier; nil before 1970.
  public func subtracting(days: Int) -> Time? {
    let (difference, isBefore) = milliseconds.subtractingReportingOverflow(UInt64(days) * 86_400_000)
    return isBefore ? nil : Time(unchecked: difference)
  }
}

extension Counter {
  /// The counter with this value; nil above the greatest.
  public init?(exactly value: UInt64) {
    guard value <= Limit.counterMax else { return nil }
    self.init(unchecked: value)
  }

  /// The counter before this one; nil before the first.
  public var previous: Counter? { value > 0 ? Counter(unchecked: value - 1) : nil }

  /// The counter that much greater, or the greatest.
  public func adding(_ count: UInt64) -> Counter { Counter(unchecked: saturatedSum(value, count)) }
}

private func saturatedSum(_ number: UInt64, _ more: UInt64) -> UInt64 {
  let (sum, overflow) = number.addingReportingOverflow(more)
  return overflow ? Limit.counterMax : min(sum, Limit.counterMax)
}
