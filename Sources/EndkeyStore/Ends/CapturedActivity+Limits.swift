public import Endkey
public import EndkeyWire

extension CapturedActivity {
  /// Something that took as long as it took and has what it has, as activities that fit: one that is longer than
  /// 2^32 - 1 milliseconds is several in a row, and contents that no Capture holds together stand in one each, of the
  /// same time. Sums over any value stay what they are.
  ///
  /// - Throws: `limitReached` when it took longer than a hundred of these, 13 years; `valueOutOfRange` when it ends
  ///   after the last time that there is.
  public static func fitting(
    _ kind: RecordKind, start: Time, duration: UInt64, items: [CapturedItem]
  ) throws(ProtocolError) -> [CapturedActivity] {
    guard duration <= durationMax else { throw ProtocolError(.limitReached, "16.1") }
    let portions = portions(of: items)
    var activities: [CapturedActivity] = []
    var (start, left) = (start.milliseconds, duration)
    repeat {
      let part = UInt32(clamping: left)
      for portion in portions {
        let time: Time
        do {
          time = try Time(milliseconds: start)
        } catch {
          throw ProtocolError(error)
        }
        activities.append(CapturedActivity(kind: kind, start: time, duration: part, items: portion))
      }
      left -= UInt64(part)
      start += UInt64(part)
    } while left > 0
    return activities
  }

  /// The longest that is split, in milliseconds: what 100 records hold.
  package static let durationMax = 100 * UInt64(UInt32.max)

  /// The items in as few lists as hold them, each with as much as one Capture has room for. §6.1
  private static func portions(of items: [CapturedItem]) -> [[CapturedItem]] {
    var portions: [[CapturedItem]] = [[]]
    var room = Limit.captureMax
    for item in items {
      let count = item.content.count
      if count > room, !portions[portions.count - 1].isEmpty {
        portions.append([])
        room = Limit.captureMax
      }
      portions[portions.count - 1].append(item)
      room -= min(room, count + 4)
    }
    return portions
  }
}
