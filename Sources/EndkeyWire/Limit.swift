/// The limits of §6.1, under the names of their rows.
public enum Limit {
  public static let iterationsMin = 600_000
  public static let iterationsMax = 10_000_000
  public static let passwordMax = 1_024
  public static let loginNameMax = 255
  public static let counterMax: UInt64 = 9_007_199_254_740_991
  public static let tokenValueMax = 4_095
  public static let tokenPaddedMax = 4_096
  public static let blobTextMax = 65_536
  public static let chunk = 16_384
  public static let recordsMax = 16_777_215
  public static let itemsMax = 65_535
  public static let rulesMax = 16_777_206
  public static let revokedMax = 65_520
  public static let sealedMin = 72
  public static let sealedMax = 16_777_215
  public static let codesMax = 256
  public static let membersMax = 4_095
  public static let smallestFactor = 1_024
}
