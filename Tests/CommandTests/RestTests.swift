import Foundation
import Testing

@testable import EndkeyCommand

/// An account that nobody has used for a long time.
@Suite("Rest") struct RestTests {
  typealias World = AccountWorld

  @Test(
    "an account that nobody has opened for longer than a state or a list lasts is woken",
    arguments: [70, 100])
  func woken(_ days: Int) throws {
    let world = try World()
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "UTC")
    format.dateFormat = "'@'yyyy-MM-dd HH:mm:ss"
    let later = format.string(from: Date(timeIntervalSinceNow: Double(days) * 86_400))
    func run(_ arguments: [String], input: String = "", status: Int32 = 0) throws -> Binary.Result {
      var running = try Binary.Running(
        ["faketime", "-f", later, Binary.path] + arguments, in: world.folder,
        environment: ["TZ": "UTC", "FAKETIME_DONT_FAKE_MONOTONIC": "1"], input: Array(input.utf8))
      let result = try running.result()
      #expect(result.status == status, "\(arguments): \(result.error)")
      return result
    }
    let kept = try run(["agent", "record", "agent"], input: World.activity(1), status: 4)
    #expect(kept.error.contains("state_expired") && kept.error.contains("account renew --newest"))
    // Each says what is next.
    let owner = ["owner"] + world.password
    #expect(try run(["account", "open"] + owner).error.contains("`account renew --newest` makes a new one"))
    for command in [
      ["account", "code"], ["account", "renew"], ["account", "rotate"],
    ] {
      #expect(try run(command + owner, status: 1).error.contains("account renew --newest"), "\(command)")
    }
    _ = try run(["account", "renew", "--newest"] + owner)
    _ = try run(["agent", "accept", "agent"])
    #expect(try run(["agent", "send", "agent"]).output == "batch 1: 1 record\n")
    #expect(try run(["batch", "audit"] + owner).output.contains("1 batch counted, 0 findings"))
    _ = try run(["account", "code"] + owner)
  }
}
