/// The types of messages. §8.1
public enum MessageType: UInt8, WireEnum {
  case passwordWrap = 1
  case ownerVault = 2
  case enrolmentRequest = 3
  case grant = 4
  case privateKeys = 5
  case accountState = 6
  case sealedBlob = 7
  case recordBatch = 8
  case ruleSet = 9
  case spoolSegment = 10
  case agentState = 11
  case ownerState = 12

  /// Whether a header of this type may have this epoch. R-8.1-2
  func allows(epoch: UInt32) -> Bool {
    switch self {
    case .enrolmentRequest: epoch == 0
    case .agentState, .ownerState: true
    default: epoch > 0
    }
  }
}
