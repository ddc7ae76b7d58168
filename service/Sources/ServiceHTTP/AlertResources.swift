internal import EndkeyJSON
internal import EndkeyWire
internal import HTTPTypes
internal import Hummingbird
internal import ServiceModel
internal import ServiceStore
internal import ServiceWebhook

/// `spec/http.md`, section 7.5
let alertRoutes: [Route] = [
  Route(.get, "/v1/a/{a}/alerts", .active) { exchange in
    let (body, tag) = try await exchange.store.alerts(of: try exchange.account)
    return Answer(body, .json).tagged(tag, unless: exchange)
  },
  Route(.put, "/v1/a/{a}/alerts", .active) { exchange in
    let expected = try exchange.expectedTag
    let body = try await exchange.body(.json, atMost: BodyLimit.alerts)
    try await exchange.store.replaceAlerts(expected, with: body, in: try exchange.account)
    return .empty
  },
  Route(.get, "/v1/a/{a}/firings", .active) { exchange in
    let (after, limit) = try exchange.place(try exchange.query("after", "limit"))
    let page = try await exchange.store.firings(of: try exchange.account, after: after, atMost: limit)
    return page.answer { firing in
      [
        "ordinal": .integer(firing.ordinal), "alert": .hex(firing.alert.bytes),
        "agent": firing.agent.map { .hex($0.bytes) } ?? .null, "day": .integer(firing.day),
        "ms": .integer(firing.milliseconds), "as_of": .integer(firing.asOf), "at": .integer(firing.at),
        "acknowledged": firing.acknowledged.map { .integer($0) } ?? .null,
      ]
    }
  },
  Route(.post, "/v1/a/{a}/acknowledgements", .active) { exchange in
    let ordinals: [Int64] = try await exchange.json(atMost: BodyLimit.acknowledgement) { fields in
      let items = try fields.required("firings").array()
      guard items.count <= 1_000 else { throw Problem.malformed(member: "firings") }
      return try items.map { try $0.integer(in: 1...9_007_199_254_740_991) }
    }
    let count = try await exchange.store.acknowledge(ordinals, in: try exchange.account)
    return Answer(["acknowledged": .integer(count)])
  },
  Route(.get, "/v1/a/{a}/events", .active) { exchange in
    let after = try exchange.headers[.lastEventID].map { text throws(Problem) in
      try Exchange.number(["Last-Event-ID": text], "Last-Event-ID", in: 0...9_007_199_254_740_991, else: 0)
    }
    let session = try exchange.session
    let stream = try exchange.streams.begin(session.id, of: session.account)
    return .events(after: after, for: session, of: exchange.store, on: stream)
  },
]

/// `spec/http.md`, section 13.3
func webhookRoutes(within policy: WebhookPolicy) -> [Route] {
  [
    Route(.get, "/v1/a/{a}/webhook", .owner) { exchange in
      let webhook = try await exchange.store.webhook(of: try exchange.account)
      return Answer([
        "url": webhook.map { .string($0.url) } ?? .null, "tries": .integer(webhook?.tries ?? 0),
      ])
    },
    Route(.put, "/v1/a/{a}/webhook", .freshOwner) { exchange in
      let (url, secret): (String, Bytes<32>) = try await exchange.json(atMost: BodyLimit.webhook) { fields in
        (try fields.required("url").string(), try fields.required("secret").fixed())
      }
      guard policy.allows(url) else { throw Problem(.webhookRefused) }
      try await exchange.store.setWebhook((url, secret), of: try exchange.account)
      return .empty
    },
    Route(.delete, "/v1/a/{a}/webhook", .freshOwner) { exchange in
      try await exchange.store.setWebhook(nil, of: try exchange.account)
      return .empty
    },
  ]
}
