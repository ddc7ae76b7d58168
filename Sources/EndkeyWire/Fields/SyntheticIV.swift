/// V of a token: the service's key for grouping. §14.1
public struct SyntheticIV: FixedBytes {
  public static var byteCount: Int { 16 }
  private let value: Bytes16

  public static let zero = SyntheticIV(value: .zero)

  private init(value: Bytes16) { self.value = value }

  public init(unchecked bytes: Span<UInt8>) { value = Bytes16(bytes) }

  public func write(into writer: inout Writer) { value.write(into: &writer) }

  public static func < (left: SyntheticIV, right: SyntheticIV) -> Bool { left.value < right.value }
}
