/// The id of an account: a hash of its Ed25519 public key. §7
public struct AccountID: FixedBytes {
  public static var byteCount: Int { 16 }
  private let value: Bytes16

  public static let zero = AccountID(value: .zero)

  private init(value: Bytes16) { self.value = value }

  public init(unchecked bytes: Span<UInt8>) { value = Bytes16(bytes) }

  public func write(into writer: inout Writer) { value.write(into: &writer) }

  public static func < (left: AccountID, right: AccountID) -> Bool { left.value < right.value }
}
