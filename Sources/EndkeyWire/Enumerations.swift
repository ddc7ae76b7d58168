// The enumerations of §8.2. Raw values are those on the wire.

/// What an application's activity is tokenised as. Shares a number space with `BlobField`.
public enum TokenField: UInt8, WireEnum {
  case employeeName = 1
  case applicationName = 2
  case windowTitle = 3
  case url = 4
  case documentName = 5
}

/// What is sealed, never tokenised.
public enum BlobField: UInt8, WireEnum {
  case keystrokes = 16
  case clipboard = 17
  case chatText = 18
  case screenshot = 19
  case cameraShot = 20
  case voice = 21
}

/// Whether the password is stretched together with an account secret. §9.2
public enum AccountSecretUse: UInt8, WireEnum {
  case none = 0
  case required = 1
}

/// What a grant carries: the MasterKey, or the keys of one agent. §11
public enum GrantKind: UInt8, WireEnum {
  case master = 1
  case scoped = 2
}

/// The kind of action of a record, which stays clear.
public enum RecordKind: UInt8, WireEnum {
  case application = 1
  case website = 2
  case document = 3
  case idle = 4
  case keystrokes = 5
  case clipboard = 6
  case chat = 7
  case screenshot = 8
  case cameraShot = 9
  case voice = 10
}

public enum ItemType: UInt8, WireEnum {
  case token = 1
  case blob = 2
}

public enum Category: UInt8, WireEnum {
  case productive = 1
  case neutral = 2
  case unproductive = 3
}

public enum Role: UInt8, WireEnum {
  case agent = 1
  case manager = 2
}

/// Whether a person approves each request under an enrolment code.
public enum Approval: UInt8, WireEnum {
  case automatic = 1
  case manual = 2
}

public enum MemberStatus: UInt8, WireEnum {
  case granted = 1
  case revoked = 2
}

/// The phases of the agent's state machine. §10.3
public enum AgentPhase: UInt8, WireEnum {
  case unpinned = 1
  case pinned = 2
  case waiting = 3
  case active = 4
  case revoked = 5
  case stopped = 6
}
