/// One sealed recording or text. §8.3, §15
public struct SealedBlob: WireStruct {
  public static var section: Section { .messages }

  /// The first 41 bytes of a SealedBlob. Whoever reads a long one as a stream parses this alone.
  public struct Context: WireStruct {
    public static var section: Section { .messages }
    /// The number of bytes of a Context: always 41.
    public static var byteCount: Int { 41 }

    /// The account that the blob belongs to.
    public var accountID: AccountID
    /// The epoch whose key seals the blob.
    public var epoch: Epoch
    /// What is sealed.
    public var field: BlobField
    /// The agent that sealed it.
    public var agentID: AgentID

    /// A context of these fields. §8.3
    public init(accountID: AccountID, epoch: Epoch, field: BlobField, agentID: AgentID) {
      self.accountID = accountID
      self.epoch = epoch
      self.field = field
      self.agentID = agentID
    }

    public init(parsing reader: inout Reader) throws(WireError) {
      (accountID, epoch) = try reader.header(.sealedBlob)
      field = try reader.value("field")
      agentID = try reader.fixed("agent_id")
    }

    public var serializedCount: Int { Self.byteCount }

    public func serialize(into writer: inout Writer) {
      Header(.sealedBlob, accountID, epoch).serialize(into: &writer)
      writer.value(field)
      writer.fixed(agentID)
    }
  }

  /// The first 41 bytes, which the seal is bound to.
  public let context: Context
  /// The sealed content: at least 72 bytes. §15
  public let sealed: [UInt8]

  /// The account that the blob belongs to.
  public var accountID: AccountID { context.accountID }
  /// The epoch whose key seals the blob.
  public var epoch: Epoch { context.epoch }
  /// What is sealed.
  public var field: BlobField { context.field }
  /// The agent that sealed it.
  public var agentID: AgentID { context.agentID }

  /// A blob of these fields. Throws `truncated` when `sealed` has fewer than 72 bytes. §8.3
  public init(context: Context, sealed: [UInt8]) throws(WireError) {
    guard sealed.count >= Limit.sealedMin else {
      throw WireError(.truncated, at: Context.byteCount, .messages)
    }
    self.context = context
    self.sealed = sealed
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    context = try Context(parsing: &reader)
    sealed = try reader.rest("sealed", atLeast: Limit.sealedMin)
  }

  public var serializedCount: Int { Context.byteCount + sealed.count }

  public func serialize(into writer: inout Writer) {
    context.serialize(into: &writer)
    writer.bytes(sealed)
  }
}
