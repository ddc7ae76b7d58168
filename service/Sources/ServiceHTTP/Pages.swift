internal import EndkeyWire
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceHash

/// The files of a person's application, the same for everybody.
public struct Pages: Sendable {
  private struct File {
    let type: String
    let bytes: ByteBuffer
    let tag: String
  }

  /// The document, which is answered at `/` and where enrolment links lead.
  public static let document = "app.html"
  private static let documentPaths = ["/", "/enrol"]
  /// Folders of which scripts and styles are answered.
  public static let folders = ["app", "http", "dashboard", "endkey"]
  private static let types = [
    "html": "text/html; charset=utf-8", "mjs": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
  ]
  /// Scripts, styles and data come from here alone, no text becomes markup, nobody frames it or gets its forms.
  private static let policy =
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; connect-src 'self'; "
    + "img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    + "require-trusted-types-for 'script'; trusted-types audit-worker"

  private var files: [String: File] = [:]

  /// No pages.
  public static let none = Pages([:])

  /// The files of these paths below the application's folder. What is no page, script or style is left out.
  public init(_ contents: [String: [UInt8]]) {
    for (path, bytes) in contents {
      guard let type = Self.types[String(path.split(separator: ".").last ?? "")] else { continue }
      let file = File(type: type, bytes: ByteBuffer(bytes: bytes), tag: "\"\(Hash(of: bytes))\"")
      files["/\(path)"] = file
      if path == Self.document { for other in Self.documentPaths { files[other] = file } }
    }
  }

  /// The answer to a request for a page; nil where it is for something else.
  func answer(_ request: Request) -> Response? {
    guard [.get, .head].contains(request.method), let file = files[request.uri.path] else { return nil }
    var headers: HTTPFields = [
      .contentType: file.type, .eTag: file.tag, .cacheControl: "no-cache", .contentTypeOptions: "nosniff",
      .contentSecurityPolicy: Self.policy, .referrerPolicy: "no-referrer", .openerPolicy: "same-origin",
      .resourcePolicy: "same-origin", .permissionsPolicy: "camera=(), microphone=(), geolocation=()",
    ]
    if request.headers[.ifNoneMatch] == file.tag {
      headers[.contentType] = nil
      return Response(status: .notModified, headers: headers)
    }
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.bytes))
  }
}
