internal import Endkey
public import EndkeyWire

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The clocks of a computer, as an agent reads them. §13.5
public protocol AgentClocks: Sendable {
  /// The time of day. Whoever uses the computer may have set it.
  func wall() -> Time

  /// How long the computer has been on: nobody can set it back.
  func uptime() -> Uptime
}

/// How long a computer has been on, sleep counted.
public struct Uptime: Equatable, Sendable {
  /// Which start of the computer it counts from: another after each.
  public let start: Hash
  /// How many milliseconds have passed since.
  public let milliseconds: UInt64

  /// So many milliseconds since a start of the computer.
  public init(start: Hash, milliseconds: UInt64) {
    self.start = start
    self.milliseconds = milliseconds
  }

  /// What has passed since `earlier`, as far as the computer was on: all of it within one start, and since the start
  /// else.
  func since(_ earlier: Uptime?) -> UInt64 {
    guard let earlier else { return 0 }
    guard earlier.start == start else { return milliseconds }
    return milliseconds > earlier.milliseconds ? milliseconds - earlier.milliseconds : 0
  }
}

/// The clocks of this computer.
public struct SystemClocks: AgentClocks {
  /// The clocks of the computer on which the program runs.
  public init() {}

  public func wall() -> Time { Time(0).adding(milliseconds: Self.milliseconds(CLOCK_REALTIME)) }

  public func uptime() -> Uptime {
    Uptime(start: Self.start, milliseconds: Self.milliseconds(Self.uptimeClock))
  }

  #if canImport(Darwin)
    private static var uptimeClock: clockid_t { CLOCK_MONOTONIC }  // counts sleep there
  #else
    private static var uptimeClock: clockid_t { CLOCK_BOOTTIME }
  #endif

  private static func milliseconds(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    guard unsafe clock_gettime(clock, &time) == 0, time.tv_sec >= 0 else { return 0 }
    return UInt64(time.tv_sec) * 1_000 + UInt64(time.tv_nsec) / 1_000_000
  }

  /// The kernel's name of this start of the computer. Where it has none, a new one: then what passed since the start is
  /// counted again for each process, which makes a state end early, never late.
  private static let start: Hash = {
    do throws(StoreError) {
      return Hash(sha256: try Descriptor(reading: "/proc/sys/kernel/random/boot_id").rest(limit: 64))
    } catch {
      return Hash(sha256: [UInt8](Folder.randomName().utf8))
    }
  }()
}
