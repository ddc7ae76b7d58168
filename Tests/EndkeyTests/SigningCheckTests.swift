import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// §12.8: whether an end may sign now.
@Suite("May this end sign") struct SigningCheckTests {
  /// An end that may do everything on day 100, after a state of day 100.
  private let good = SigningCheck(
    isConfirmed: true, isDurable: true, isRootAct: false, isReplacing: false, isRootDue: false,
    hasRootKey: true, needsRootKey: false, usesList: true, validUntil: day(160), certificateUntil: day(190),
    newestMade: day(100), consent: .none)

  /// The error that an act meets; nil when it may be made.
  private func refusal(
    at now: Time = day(100), _ change: (inout SigningCheck) -> Void
  ) -> ErrorCode? {
    var check = good
    change(&check)
    return OwnerMachine.step(.open, check.event(at: now)).error
  }

  @Test("Each hindrance by itself, and what takes it away")
  func one() {
    #expect(refusal { _ in } == nil)
    #expect(refusal { $0.isConfirmed = false } == .approvalRequired)
    #expect(refusal { ($0.isConfirmed, $0.consent.isNewest) = (false, true) } == nil)
    #expect(refusal { $0.isDurable = false } == .approvalRequired)
    #expect(refusal { ($0.isDurable, $0.consent.isNewest) = (false, true) } == .approvalRequired)
    #expect(refusal { ($0.isDurable, $0.consent.withoutStorage) = (false, true) } == nil)
    #expect(refusal { $0.validUntil = day(100) } == .stateExpired)
    #expect(refusal { ($0.validUntil, $0.consent.isNewest) = (day(100), true) } == nil)
    #expect(refusal { $0.newestMade = day(101, hours: 1) } == .clockWrong)
    #expect(refusal { $0.newestMade = day(101) } == nil)
    #expect(refusal { ($0.newestMade, $0.consent.isClockRight) = (day(102), true) } == .clockWrong)
    #expect(refusal { ($0.isRootAct, $0.newestMade) = (true, day(102)) } == .clockWrong)
    #expect(
      refusal { ($0.isRootAct, $0.newestMade, $0.consent.isClockRight) = (true, day(102), true) }
        == .clockWrong)
    #expect(
      refusal {
        ($0.isRootAct, $0.isReplacing, $0.newestMade, $0.consent.isClockRight) = (true, true, day(102), true)
      } == nil)
    #expect(refusal { $0.isRootDue = true } == .unsettled)
    #expect(refusal { ($0.isRootDue, $0.isRootAct) = (true, true) } == nil)
    #expect(refusal { ($0.needsRootKey, $0.hasRootKey) = (true, false) } == .rootRequired)
    #expect(refusal { ($0.isRootAct, $0.hasRootKey) = (true, false) } == .rootRequired)
    #expect(refusal { $0.hasRootKey = false } == nil)
  }

  @Test("A list's last week is its owner's, and its end is the owner's act alone")
  func certificates() {
    #expect(refusal { $0.certificateUntil = day(100) } == .rootRequired)
    #expect(refusal { $0.certificateUntil = day(101) } == nil)
    #expect(refusal { ($0.hasRootKey, $0.certificateUntil) = (false, day(106)) } == .rootRequired)
    #expect(refusal { ($0.hasRootKey, $0.certificateUntil) = (false, day(107)) } == nil)
    // Without a state the list is not needed; with a new one it does not matter.
    #expect(
      refusal { ($0.hasRootKey, $0.certificateUntil, $0.usesList) = (false, day(100), false) } == nil)
    #expect(refusal { ($0.isRootAct, $0.certificateUntil, $0.usesList) = (true, day(100), false) } == nil)
    // What is behind the newest state is signed at its time, not at the clock's.
    #expect(
      refusal { ($0.newestMade, $0.certificateUntil) = (day(100, hours: 12), day(100, hours: 12)) }
        == .rootRequired)
  }

  @Test("R-12.8-1: the first hindrance decides, in the order of the document")
  func order() {
    let faults: [(ErrorCode, (inout SigningCheck) -> Void)] = [
      (.approvalRequired, { $0.isConfirmed = false }), (.approvalRequired, { $0.isDurable = false }),
      (.stateExpired, { $0.validUntil = day(100) }), (.clockWrong, { $0.newestMade = day(102) }),
      (.unsettled, { $0.isRootDue = true }),
      (.rootRequired, { ($0.needsRootKey, $0.hasRootKey) = (true, false) }),
    ]
    for first in faults.indices {
      #expect(refusal { check in for fault in faults[first...] { fault.1(&check) } } == faults[first].0)
    }
  }

  @Test("made never goes back, unless a person says that this clock is right")
  func made() {
    var check = good
    #expect(check.made(at: day(120)) == day(120))
    check.newestMade = day(100, hours: 20)
    #expect(check.made(at: day(100)) == day(100, hours: 20))
    (check.newestMade, check.isRootAct) = (day(140), true)
    #expect(check.made(at: day(100)) == day(140))
    check.consent.isClockRight = true
    #expect(check.made(at: day(100)) == day(140))
    check.isReplacing = true
    #expect(check.made(at: day(100)) == day(100))
    check.isRootAct = false
    #expect(check.made(at: day(100)) == day(140))
    // Nearly the newest is no wrong clock.
    (check.isRootAct, check.newestMade) = (true, day(101))
    #expect(check.made(at: day(100)) == day(101))
    #expect(Time.max.adding(days: 1) == .max)
  }
}
