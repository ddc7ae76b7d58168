internal import Endkey
public import EndkeyWire

// What agents take and give: states, grants, requests, and batches and blobs by their hashes.

extension ServiceFolder: AgentService {
  public func accountState(unless known: Hash?) throws(ServiceError) -> ReceivedMessage? {
    let state = try accountState()
    return Hash(sha256: state.bytes) == known ? nil : state
  }

  public func grant(to agentID: AgentID) throws(ServiceError) -> ReceivedMessage? {
    let place = "\(path)/grants/\(agentID).ek"
    guard OutputFile.exists(place) else { return nil }
    return try unchanged { () throws(StoreError) in
      ReceivedMessage(place: place, bytes: try read(place, atMost: Grant.byteCount))
    }
  }

  @discardableResult
  public func put(_ request: EnrolmentRequest) throws(ServiceError) -> String {
    try requireAccount()
    let place = "\(path)/requests/\(request.agentID).ek"
    try unchanged { () throws(StoreError) in
      try withLock { () throws(StoreError) in try write(request.serialized, to: place) }
    }
    return place
  }

  @discardableResult
  public func put(_ message: OutgoingMessage) throws(ServiceError) -> String {
    try requireAccount()
    let folder = Self.folder(of: message.kind, in: path, "\(message.agentID)")
    let place = "\(folder)/\(message.hash).ek"
    try unchanged { () throws(StoreError) in
      try withLock { () throws(StoreError) in
        // What stands there has this name, so it is the same, or was damaged and is whole again now.
        let stored = OutputFile.exists(place) ? try read(place, atMost: message.bytes.count) : nil
        if stored != message.bytes { try write(message.bytes, to: place) }
      }
    }
    return place
  }

  private static func folder(of kind: OutgoingMessage.Kind, in path: String, _ author: String) -> String {
    switch kind {
    case .batch: "\(path)/batches/\(author)"
    case .blob: "\(path)/blobs/\(author)"
    }
  }
}

// MARK: - For persons

extension ServiceFolder {
  /// The requests to be enrolled that wait. §10.2
  public func requests() throws(ServiceError) -> [ReceivedMessage] {
    try unchanged { () throws(StoreError) in
      try messages(in: "\(path)/requests", atMost: EnrolmentRequest.byteCount)
    }
  }

  /// The names under which batches are kept: honest ones are the agents' ids in hexadecimal. §16.2
  public func batchAuthors() throws(ServiceError) -> [String] {
    let folder = "\(path)/batches"
    guard Folder.exists(folder) else { return [] }
    return try unchanged { () throws(StoreError) in
      try Folder.names(in: folder).filter { Folder.exists("\(folder)/\($0)") }
    }
  }

  /// All batches under a name, in no order. §16.2
  public func batches(of author: String) throws(ServiceError) -> [ReceivedMessage] {
    try unchanged { () throws(StoreError) in
      try messages(in: Self.folder(of: .batch, in: path, author), atMost: RecordBatch.byteCountMax)
    }
  }

  /// The blob that a record of an agent names, or nil when it is not there. §15
  public func blob(
    _ reference: BlobReference, of agentID: AgentID
  ) throws(ServiceError) -> ReceivedMessage? {
    guard hasBlob(reference, of: agentID) else { return nil }
    let place = place(of: reference, of: agentID)
    return try unchanged { () throws(StoreError) in
      ReceivedMessage(place: place, bytes: try read(place, atMost: Int(clamping: reference.length.value)))
    }
  }

  public func hasBlob(_ reference: BlobReference, of agentID: AgentID) -> Bool {
    OutputFile.exists(place(of: reference, of: agentID))
  }

  private func place(of reference: BlobReference, of agentID: AgentID) -> String {
    "\(Self.folder(of: .blob, in: path, "\(agentID)"))/\(reference.digest).ek"
  }

  public func erase(batches: [Hash], blobs: [Hash], of agentID: AgentID) throws(ServiceError) {
    try unchanged { () throws(StoreError) in
      // Nothing is written here, so that no lock is needed.
      for (kind, hashes) in [(OutgoingMessage.Kind.batch, batches), (.blob, blobs)] {
        let folder = Self.folder(of: kind, in: path, "\(agentID)")
        try Folder.refuseLink(folder)
        guard Folder.exists(folder) else { continue }
        for hash in hashes { try OutputFile.remove("\(folder)/\(hash).ek") }
      }
    }
  }

  /// The files of a folder. One that cannot be read is given without bytes, to be refused in its place: it must not
  /// keep the others from being read.
  func messages(in folder: String, atMost count: Int) throws(StoreError) -> [ReceivedMessage] {
    try Folder.refuseLink(folder)
    guard Folder.exists(folder) else { return [] }
    var messages: [ReceivedMessage] = []
    for name in try Folder.names(in: folder) where !Folder.exists("\(folder)/\(name)") {
      let place = "\(folder)/\(name)"
      do {
        messages.append(ReceivedMessage(place: place, bytes: try read(place, atMost: count)))
      } catch {
        messages.append(ReceivedMessage(place: place, bytes: []))
      }
    }
    return messages
  }
}
