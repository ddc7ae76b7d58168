/// The id of an agent: a hash of its two public keys. §7
public struct AgentID: FixedBytes {
  public static var byteCount: Int { 16 }
  private let value: Bytes16

  public static let zero = AgentID(value: .zero)

  private init(value: Bytes16) { self.value = value }

  public init(unchecked bytes: Span<UInt8>) { value = Bytes16(bytes) }

  public func write(into writer: inout Writer) { value.write(into: &writer) }

  public static func < (left: AgentID, right: AgentID) -> Bool { left.value < right.value }
}
