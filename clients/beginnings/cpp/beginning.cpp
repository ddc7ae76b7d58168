// A client of the suite that has just begun: C++17, OpenSSL 3, nlohmann-json.
//   g++ -std=c++17 -o beginning beginning.cpp -lcrypto && endkey conform -- ./beginning
#include <functional>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <stdexcept>
#include <string>

using Json = nlohmann::json;

std::string fromHex(const std::string& hex) {
  if (hex.size() % 2 || hex.find_first_not_of("0123456789abcdef") != hex.npos) throw std::runtime_error("no hex");
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) bytes += char(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}
std::string toHex(const std::string& bytes) {
  std::string hex;
  for (unsigned char byte : bytes) hex += {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
  return hex;
}
const unsigned char* raw(const std::string& bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
void check(int status) { if (status != 1) throw std::runtime_error("OpenSSL refused"); }

std::string labelled(const std::string& label, const std::string& data) { return "endkey/1 " + label + '\0' + data; }
std::string hash(const std::string& label, const std::string& data) {
  std::string text = labelled(label, data), out(32, '\0');
  check(EVP_Digest(text.data(), text.size(), raw(out), nullptr, EVP_sha256(), nullptr));
  return out;
}
std::string hmac(const std::string& key, const std::string& data) {
  std::string out(32, '\0');
  check(HMAC(EVP_sha256(), key.data(), int(key.size()), raw(data), data.size(), raw(out), nullptr) != nullptr);
  return out;
}
std::string derive(std::string key, const std::string& label, const std::string& context) {
  std::string info = labelled(label, context), out(label == "token" ? 64 : 32, '\0'), digest = "SHA256";
  EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  EVP_KDF_CTX* ctx = EVP_KDF_CTX_new(kdf);
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.data(), key.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()), OSSL_PARAM_construct_end()};
  int status = EVP_KDF_derive(ctx, raw(out), out.size(), parameters);
  EVP_KDF_CTX_free(ctx);
  EVP_KDF_free(kdf);
  check(status);
  return out;
}
std::string pbkdf2(const std::string& password, const std::string& salt, int iterations) {
  std::string out(32, '\0');
  check(PKCS5_PBKDF2_HMAC(password.data(), int(password.size()), raw(salt), int(salt.size()), iterations, EVP_sha256(),
                          int(out.size()), raw(out)));
  return out;
}

int main() {
  auto bytes = [](const Json& in, const char* name) { return fromHex(in.at(name).get<std::string>()); };
  const std::map<std::string, std::function<Json(const Json&)>> operations = {
      {"hash", [&](const Json& in) { return Json{{"hash", toHex(hash(in.at("label"), bytes(in, "data")))}}; }},
      {"hmac", [&](const Json& in) { return Json{{"mac", toHex(hmac(bytes(in, "key"), bytes(in, "data")))}}; }},
      {"derive", [&](const Json& in) {
         return Json{{"key", toHex(derive(bytes(in, "key"), in.at("label"), bytes(in, "context")))}}; }},
      {"pbkdf2", [&](const Json& in) {
         return Json{{"key", toHex(pbkdf2(bytes(in, "password"), bytes(in, "salt"), in.at("iterations")))}}; }},
      {"account-id", [&](const Json& in) {
         return Json{{"account_id", toHex(hash("account-id", bytes(in, "root_key")).substr(0, 16))}}; }},
      {"agent-id", [&](const Json& in) {
         auto keys = bytes(in, "modulus") + bytes(in, "verify_key");
         return Json{{"agent_id", toHex(hash("agent-id", keys).substr(0, 16))}}; }}};

  for (std::string line; std::getline(std::cin, line);) {
    Json request = Json::parse(line), answer = {{"seq", request.at("seq")}};
    if (request.at("cmd") == "bye") break;
    if (request.at("cmd") == "hello") {
      answer.update({{"v", 1}, {"client", {{"name", "beginning-cpp"}, {"version", "0"}}}, {"ops", Json::array()}});
      for (auto& [name, _] : operations) answer["ops"].push_back(name);
    } else if (auto found = operations.find(request.at("op")); found == operations.end()) {
      answer.update({{"outcome", "unsupported"}, {"reason", "not written yet"}});
    } else {
      try {
        answer.update({{"out", found->second(request.at("in"))}, {"outcome", "ok"}});
      } catch (const std::exception& error) {
        answer.update({{"outcome", "error"}, {"detail", error.what()}});
      }
    }
    std::cout << answer.dump() << std::endl;
  }
}
