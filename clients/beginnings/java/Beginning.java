// A client of the suite that has just begun: Java 17, nothing but the JDK.
//   javac Beginning.java && endkey conform -- java Beginning
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import static java.nio.charset.StandardCharsets.UTF_8;

public class Beginning {
  interface Operation { Map<String, byte[]> of(Input in) throws GeneralSecurityException; }

  /** The members of a request. The JDK has no JSON: these are enough until an operation takes a list. */
  record Input(Map<String, String> members) {
    static final Pattern MEMBER = Pattern.compile("\"(\\w+)\"\\s*:\\s*(?:\"([^\"\\\\]*)\"|(\\d+))");

    static Input of(String line) {
      var members = new HashMap<String, String>();
      for (var found = MEMBER.matcher(line); found.find();)
        members.put(found.group(1), found.group(2) != null ? found.group(2) : found.group(3));
      return new Input(members);
    }
    String text(String name) {
      if (!members.containsKey(name)) throw new IllegalArgumentException("no " + name);
      return members.get(name);
    }
    byte[] bytes(String name) { return HexFormat.of().parseHex(text(name)); }
  }

  static byte[] joined(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) all.writeBytes(part);
    return all.toByteArray();
  }
  static byte[] labelled(String label, byte[] data) {
    return joined(("endkey/1 " + label + "\0").getBytes(UTF_8), data);
  }
  static byte[] hash(String label, byte[] data) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(labelled(label, data));
  }
  static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));  // an empty key is refused
    return mac.doFinal(data);
  }
  static byte[] hkdf(byte[] key, byte[] info, int count) throws GeneralSecurityException {
    byte[] secret = hmac(new byte[32], key), block = {}, out = {};
    for (int i = 1; out.length < count; i++)
      out = joined(out, block = hmac(secret, joined(block, info, new byte[] {(byte) i})));
    return Arrays.copyOf(out, count);
  }
  /** RFC 8018 by hand, one block: PBEKeySpec takes characters, not bytes. */
  static byte[] pbkdf2(byte[] password, byte[] salt, int iterations) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(password.length == 0 ? new byte[1] : password, "HmacSHA256"));
    byte[] block = mac.doFinal(joined(salt, new byte[] {0, 0, 0, 1})), out = block.clone();
    for (int i = 1; i < iterations; i++) {
      block = mac.doFinal(block);
      for (int j = 0; j < out.length; j++) out[j] ^= block[j];
    }
    return out;
  }

  static final Map<String, Operation> OPERATIONS = new TreeMap<>(Map.of(
      "hash", in -> Map.of("hash", hash(in.text("label"), in.bytes("data"))),
      "hmac", in -> Map.of("mac", hmac(in.bytes("key"), in.bytes("data"))),
      "derive", in -> Map.of("key", hkdf(
          in.bytes("key"), labelled(in.text("label"), in.bytes("context")),
          in.text("label").equals("token") ? 64 : 32)),
      "pbkdf2", in -> Map.of("key", pbkdf2(
          in.bytes("password"), in.bytes("salt"), Integer.parseInt(in.text("iterations")))),
      "account-id", in -> Map.of("account_id", Arrays.copyOf(hash("account-id", in.bytes("root_key")), 16)),
      "agent-id", in -> Map.of("agent_id", Arrays.copyOf(
          hash("agent-id", joined(in.bytes("modulus"), in.bytes("verify_key"))), 16))));

  static String answer(Input request) {
    if (request.text("cmd").equals("hello"))
      return "\"v\":1,\"client\":{\"name\":\"beginning-java\",\"version\":\"0\"},\"ops\":[\""
          + String.join("\",\"", OPERATIONS.keySet()) + "\"]";
    var operation = OPERATIONS.get(request.text("op"));
    if (operation == null) return "\"outcome\":\"unsupported\",\"reason\":\"not written yet\"";
    try {
      var out = new StringBuilder();
      operation.of(request).forEach((name, value) -> out.append(out.isEmpty() ? "" : ",")
          .append('"').append(name).append("\":\"").append(HexFormat.of().formatHex(value)).append('"'));
      return "\"outcome\":\"ok\",\"out\":{" + out + "}";
    } catch (GeneralSecurityException | IllegalArgumentException error) {
      return "\"outcome\":\"error\",\"detail\":\"" + error.getClass().getSimpleName() + "\"";
    }
  }

  public static void main(String[] arguments) throws Exception {
    var input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line; (line = input.readLine()) != null;) {
      var request = Input.of(line);
      if (request.text("cmd").equals("bye")) break;
      System.out.println("{\"seq\":" + request.text("seq") + "," + answer(request) + "}");
      System.out.flush();
    }
  }
}
