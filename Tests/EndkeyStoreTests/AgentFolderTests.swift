import Endkey
import EndkeyStore
import Foundation
import Testing

@Suite("An agent in folders") struct AgentFolderTests {
  /// A service folder as an owner's end has left it.
  private func write(_ bytes: [UInt8], to path: String) throws {
    let url = URL(filePath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  @Test("An agent lives in a folder, and what it sends stands at the service under its hash")
  func life() async throws {
    let scratch = try FolderTests.Scratch()
    let world = try AgentWorld()
    let service = ServiceFolder(path: "\(scratch.path)/service")
    let path = "\(scratch.path)/agent"
    try await EndFolder.create(path, as: .agent, service: service.path) { store in
      _ = try await AgentEnd(store: store, service: service, clocks: world.clocks).enrol(code: world.code())
    }
    let agent = AgentEnd(store: try EndFolder(path, as: .agent), service: service, clocks: world.clocks)
    await #expect(throws: EndError.service(.noAccount(place: service.path))) { try await agent.sendRequest() }

    let request = try agent.request()
    let signed = try world.sign(for: request)
    try write(signed.state, to: "\(service.path)/account/state.ek")
    try write(signed.grant, to: "\(service.path)/grants/\(request.agentID).ek")
    #expect(try await agent.sendRequest().place == "\(service.path)/requests/\(request.agentID).ek")
    #expect(try service.requests().map(\.bytes) == [request.serialized])
    try await agent.capture([world.activity(5, picture: [1, 2, 3])])
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(path)/spool") == ["1.ek"])
    let sent = try await agent.send()

    let batch = try #require(sent.batches.first)
    let hash = Hash(sha256: batch.serialized)
    #expect(sent.places == [1: "\(service.path)/batches/\(request.agentID)/\(hash).ek"])
    #expect(try service.batchAuthors() == ["\(request.agentID)"])
    #expect(try service.batches(of: "\(request.agentID)").map(\.bytes) == [batch.serialized])
    guard case .blob(let reference) = batch.records[0].items[1] else { throw CancellationError() }
    let blob = try #require(try service.blob(reference, of: request.agentID))
    #expect(try SealedBlob(parsing: blob.bytes).field == .screenshot)
    for folder in ["spool", "outbox", "blobs"] {
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").isEmpty)
    }
    #expect(try agent.status().sequence == 1)
  }

  @Test("A service whose folder is away gets nothing, and what is for it is kept")
  func away() async throws {
    let scratch = try FolderTests.Scratch()
    let service = ServiceFolder(path: "\(scratch.path)/service")
    let message = OutgoingMessage(.batch, by: .zero, hash: Hash(sha256: [1]), bytes: [1])
    #expect(throws: ServiceError.noAccount(place: service.path)) { try service.put(message) }
    #expect(throws: ServiceError.noAccount(place: service.path)) { _ = try service.accountState(unless: nil) }
    #expect(!FileManager.default.fileExists(atPath: service.path))
  }

  @Test("What stands at the service under a hash and was damaged is whole again when it comes again")
  func damaged() async throws {
    let scratch = try FolderTests.Scratch()
    let service = ServiceFolder(path: "\(scratch.path)/service")
    try write([1], to: "\(service.path)/account/state.ek")
    let message = OutgoingMessage(.blob, by: .zero, hash: Hash(sha256: [1]), bytes: [1])
    let place = try service.put(message)
    try write([2, 2], to: place)
    #expect(try service.put(message) == place)
    let reference = BlobReference(field: .voice, length: 1, digest: message.hash)
    #expect(try service.blob(reference, of: .zero)?.bytes == [1])
  }

  @Test("The state is not given again to who has it")
  func unchanged() throws {
    let scratch = try FolderTests.Scratch()
    let service = ServiceFolder(path: "\(scratch.path)/service")
    try write([1], to: "\(service.path)/account/state.ek")
    #expect(try service.accountState(unless: Hash(sha256: [2]))?.bytes == [1])
    #expect(try service.accountState(unless: Hash(sha256: [1])) == nil)
  }
}
