// A client of the suite that has just begun: C# 7 on Mono; on .NET put System.Text.Json for System.Json.
//   mcs -r:System.Json Beginning.cs && endkey conform -- mono Beginning.exe
using System;
using System.Collections.Generic;
using System.Json;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

static class Beginning {
  static byte[] FromHex(string text) {
    if (text.Length % 2 != 0) throw new FormatException("hex of an odd length");
    return Enumerable.Range(0, text.Length / 2).Select(i => Convert.ToByte(text.Substring(2 * i, 2), 16)).ToArray();
  }
  static string ToHex(byte[] bytes) => string.Concat(bytes.Select(one => one.ToString("x2")));
  static byte[] Bytes(JsonValue input, string name) => FromHex((string)input[name]);
  static byte[] First(byte[] bytes, int count) => bytes.Take(count).ToArray();

  static byte[] Labelled(string label, byte[] data) =>
    Encoding.UTF8.GetBytes("endkey/1 " + label + "\0").Concat(data).ToArray();
  static byte[] Hash(string label, byte[] data) {
    using (var hash = SHA256.Create()) return hash.ComputeHash(Labelled(label, data));
  }
  static byte[] Hmac(byte[] key, byte[] data) {
    using (var mac = new HMACSHA256(key)) return mac.ComputeHash(data);
  }
  static byte[] Hkdf(byte[] key, byte[] info, int count) {
    byte[] secret = Hmac(new byte[32], key), block = { }, all = { };
    for (byte i = 1; all.Length < count; i++) {
      block = Hmac(secret, block.Concat(info).Concat(new[] { i }).ToArray());
      all = all.Concat(block).ToArray();
    }
    return First(all, count);
  }
  // RFC 8018 by hand, one block: Mono's Rfc2898DeriveBytes refuses salts of fewer than 8 bytes.
  static byte[] Pbkdf2(byte[] password, byte[] salt, int iterations) {
    using (var mac = new HMACSHA256(password)) {
      byte[] block = mac.ComputeHash(salt.Concat(new byte[] { 0, 0, 0, 1 }).ToArray()), key = (byte[])block.Clone();
      for (var i = 1; i < iterations; i++) {
        block = mac.ComputeHash(block);
        for (var j = 0; j < key.Length; j++) key[j] ^= block[j];
      }
      return key;
    }
  }

  static JsonObject Out(string name, byte[] value) => new JsonObject { { name, ToHex(value) } };
  static readonly Dictionary<string, Func<JsonValue, JsonObject>> Operations =
    new Dictionary<string, Func<JsonValue, JsonObject>> {
      ["hash"] = given => Out("hash", Hash(given["label"], Bytes(given, "data"))),
      ["hmac"] = given => Out("mac", Hmac(Bytes(given, "key"), Bytes(given, "data"))),
      ["derive"] = given => Out("key", Hkdf(
        Bytes(given, "key"), Labelled(given["label"], Bytes(given, "context")), given["label"] == "token" ? 64 : 32)),
      ["pbkdf2"] = given => Out("key", Pbkdf2(
        Bytes(given, "password"), Bytes(given, "salt"), given["iterations"])),
      ["account-id"] = given => Out("account_id", First(Hash("account-id", Bytes(given, "root_key")), 16)),
      ["agent-id"] = given => Out("agent_id", First(
        Hash("agent-id", Bytes(given, "modulus").Concat(Bytes(given, "verify_key")).ToArray()), 16)),
    };

  static void Answer(JsonValue request, JsonObject answer) {
    if (request["cmd"] == "hello") {
      answer["v"] = 1;
      answer["client"] = new JsonObject { { "name", "beginning-csharp" }, { "version", "0" } };
      answer["ops"] = new JsonArray(Operations.Keys.Select(name => (JsonValue)name));
    } else if (!Operations.TryGetValue(request["op"], out var operation)) {
      answer["outcome"] = "unsupported";
      answer["reason"] = "not written yet";
    } else {
      try {
        answer["out"] = operation(request["in"]);
        answer["outcome"] = "ok";
      } catch (Exception error) when (!(error is OutOfMemoryException)) {
        answer["outcome"] = "error";
        answer["detail"] = error.Message;
      }
    }
  }

  static void Main() {
    for (string line; (line = Console.In.ReadLine()) != null;) {
      var request = JsonValue.Parse(line);
      if (request["cmd"] == "bye") break;
      var answer = new JsonObject { { "seq", request["seq"] } };
      Answer(request, answer);
      Console.Out.Write(answer.ToString() + "\n");
      Console.Out.Flush();
    }
  }
}
