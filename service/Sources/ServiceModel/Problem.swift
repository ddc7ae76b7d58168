public import EndkeyJSON
public import EndkeyWire

/// Why a request is refused: a problem document of the closed list. `spec/http.md`, section 14
public struct Problem: Error, Sendable {
  /// What is wrong.
  public enum Kind: String, CaseIterable, Sendable {
    case malformed
    case noCredential = "no-credential"
    case loginFailed = "login-failed"
    case admissionRefused = "admission-refused"
    case signupRefused = "signup-refused"
    case notGranted = "not-granted"
    case agentListed = "agent-listed"
    case wrongAgent = "wrong-agent"
    case notAllowed = "not-allowed"
    case ownerRequired = "owner-required"
    case freshRequired = "fresh-required"
    case webhookRefused = "webhook-refused"
    case quota
    case notFound = "not-found"
    case noGrant = "no-grant"
    case method
    case notAcceptable = "not-acceptable"
    case mediaType = "media-type"
    case otherPublication = "other-publication"
    case otherBytes = "other-bytes"
    case otherCredential = "other-credential"
    case loginTaken = "login-taken"
    case staleEpoch = "stale-epoch"
    case mismatchingUploadOffset = "mismatching-upload-offset"
    case erased
    case otherKeys = "other-keys"
    case precondition
    case tooLarge = "too-large"
    case range
    case digestMismatch = "digest-mismatch"
    case idMismatch = "id-mismatch"
    case inconsistent
    case unknownRecipient = "unknown-recipient"
    case conditionRequired = "condition-required"
    case slowDown = "slow-down"
    case `internal`
    case storeUnavailable = "store-unavailable"

    /// The status of the answer.
    public var status: Int {
      switch self {
      case .malformed: 400
      case .noCredential, .loginFailed: 401
      case .admissionRefused, .signupRefused, .notGranted, .agentListed, .wrongAgent, .notAllowed,
        .ownerRequired,
        .freshRequired, .webhookRefused, .quota:
        403
      case .notFound, .noGrant: 404
      case .method: 405
      case .notAcceptable: 406
      case .mediaType: 415
      case .otherPublication, .otherBytes, .otherCredential, .loginTaken, .staleEpoch,
        .mismatchingUploadOffset:
        409
      case .erased: 410
      case .otherKeys, .precondition: 412
      case .tooLarge: 413
      case .range: 416
      case .digestMismatch, .idMismatch, .inconsistent, .unknownRecipient: 422
      case .conditionRequired: 428
      case .slowDown: 429
      case .internal: 500
      case .storeUnavailable: 503
      }
    }

    /// What it means, for a person.
    public var title: String {
      switch self {
      case .malformed: "The request does not parse"
      case .noCredential: "There is no credential, or it has ended"
      case .loginFailed: "The login was refused"
      case .admissionRefused: "No code lets this request in"
      case .signupRefused: "Accounts are not made here"
      case .notGranted: "This agent was never given keys"
      case .agentListed: "The newest state lists this agent"
      case .wrongAgent: "The message is another agent's or another account's"
      case .notAllowed: "This credential may not do this"
      case .ownerRequired: "Only the owner may do this"
      case .freshRequired: "Sign in again first"
      case .webhookRefused: "The service calls no such address"
      case .quota: "The account has as many as it may"
      case .notFound: "Nothing is here, for this credential"
      case .noGrant: "There are no keys for this recipient yet"
      case .method: "This resource has no such method"
      case .notAcceptable: "The resource has none of the types asked for"
      case .mediaType: "The body is of another type than the resource's, or encoded"
      case .otherPublication: "Another publication was stored"
      case .otherBytes: "Other bytes are stored under this name"
      case .otherCredential: "Another credential is stored under this id"
      case .loginTaken: "The login is another person's"
      case .staleEpoch: "The newest state is of another epoch"
      case .mismatchingUploadOffset: "The upload goes on at another offset"
      case .erased: "It was erased"
      case .otherKeys: "Other keys are stored"
      case .precondition: "Another list is stored"
      case .tooLarge: "The body is too large"
      case .range: "No such bytes are there"
      case .digestMismatch: "The body has another SHA-256 than its path"
      case .idMismatch: "The path's id is not that of the keys"
      case .inconsistent: "Parts of the publication do not fit"
      case .unknownRecipient: "There is nobody of this id"
      case .conditionRequired: "The header If-Match is missing"
      case .slowDown: "Too many requests"
      case .internal: "A fault of the service"
      case .storeUnavailable: "The store cannot be written; nothing was stored"
      }
    }
  }

  /// What is wrong.
  public let kind: Kind
  /// What the kind is told with.
  public let members: [(key: String, value: JSONValue)]
  /// After how many seconds to ask again; nil where asking again does not help.
  public let retryAfter: Int?

  /// A problem of a kind, told with these members.
  public init(_ kind: Kind, _ members: [(key: String, value: JSONValue)] = [], retryAfter: Int? = nil) {
    self.kind = kind
    self.members = members
    self.retryAfter = retryAfter
  }

  /// Bytes that do not parse.
  public static func malformed(_ error: WireError) -> Problem {
    Problem(
      .malformed, [("code", .string(error.code.rawValue)), ("offset", .number(JSONNumber(error.offset)))])
  }

  /// A member, parameter or header that is not as it must be.
  public static func malformed(member: String) -> Problem {
    Problem(.malformed, [("member", .string(member))])
  }

  /// The problem document.
  public var document: [UInt8] {
    var object = JSONObject()
    let fixed: [(key: String, value: JSONValue)] = [
      ("type", .string("urn:endkey:http:1:\(kind.rawValue)")), ("title", .string(kind.title)),
      ("status", .number(JSONNumber(kind.status))),
    ]
    for (key, value) in fixed + members { object.append(key, value) }
    return JSONValue.object(object).serialized(.compact)
  }
}
