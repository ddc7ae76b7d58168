// A whole account's life from C++, and misuse: NULL, short buffers, wrong order. Run under AddressSanitizer.
#include <endkey.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace {

using Bytes = std::vector<uint8_t>;

int checks = 0;

void expect(bool holds, const char *what, int line) {
  checks += 1;
  if (holds) return;
  std::fprintf(stderr, "line %d: not so: %s\n", line, what);
  std::exit(1);
}
#define EXPECT(holds) expect((holds), #holds, __LINE__)

void status(ek_status expected, ek_status found, const char *what, int line) {
  checks += 1;
  if (expected == found) return;
  std::fprintf(stderr, "line %d: %s is %s, not %s\n", line, what, ek_status_name(found), ek_status_name(expected));
  std::exit(1);
}
#define STATUS(expected, call) status((expected), (call), #call, __LINE__)
#define OK(call) STATUS(EK_OK, call)

template <auto Free>
struct Freeing {
  template <class Handle>
  void operator()(Handle *handle) const { Free(handle); }
};
using Agent = std::unique_ptr<ek_agent, Freeing<ek_agent_free>>;
using Owner = std::unique_ptr<ek_owner, Freeing<ek_owner_free>>;
using Secret = std::unique_ptr<ek_secret, Freeing<ek_secret_free>>;
using Messages = std::unique_ptr<ek_messages, Freeing<ek_messages_free>>;
using Audit = std::unique_ptr<ek_audit, Freeing<ek_audit_free>>;
using BlobSealer = std::unique_ptr<ek_blob_sealer, Freeing<ek_blob_sealer_free>>;
using BlobOpener = std::unique_ptr<ek_blob_opener, Freeing<ek_blob_opener_free>>;
using Spool = std::unique_ptr<ek_spool, Freeing<ek_spool_free>>;
using Recovery = std::unique_ptr<ek_recovery, Freeing<ek_recovery_free>>;
using Records = std::unique_ptr<ek_records, Freeing<ek_records_free>>;
using Stretched = std::unique_ptr<ek_stretched, Freeing<ek_stretched_free>>;

// Where a call puts a handle.
template <class Owned>
class Out {
 public:
  explicit Out(Owned &owned) : owned(owned) {}
  ~Out() { owned.reset(handle); }
  operator typename Owned::pointer *() { return &handle; }

 private:
  Owned &owned;
  typename Owned::pointer handle = nullptr;
};
template <class Owned>
Out<Owned> out(Owned &owned) { return Out<Owned>(owned); }

ek_bytes view(const Bytes &bytes) { return {bytes.data(), bytes.size()}; }
ek_bytes view(const char *text) { return {reinterpret_cast<const uint8_t *>(text), std::strlen(text)}; }

// What a call writes, in room of exactly the size: a byte too many and AddressSanitizer ends the program.
template <class Call>
Bytes bytes(Call call) {
  ek_buffer buffer = {nullptr, 0, 0};
  ek_status first = call(&buffer);
  if (first == EK_OK) return {};
  STATUS(EK_BUFFER_TOO_SMALL, first);
  const size_t count = buffer.count;
  Bytes room(count - 1, 0x55);
  buffer = {room.data(), room.size(), 0};
  STATUS(EK_BUFFER_TOO_SMALL, call(&buffer));
  EXPECT(buffer.count == count && room == Bytes(count - 1, 0x55));
  room.resize(count);
  room.shrink_to_fit();
  buffer = {room.data(), room.size(), 0};
  OK(call(&buffer));
  EXPECT(buffer.count == count);
  return room;
}

Bytes message(const Messages &messages, size_t index) {
  return bytes([&](ek_buffer *buffer) { return ek_messages_copy(messages.get(), index, buffer, nullptr); });
}

// What comes of a piece of `count` bytes, in room of exactly what the call wants.
template <class Call>
Bytes piece(size_t count, ek_status expected, Call call) {
  Bytes room(ek_piece_room(count) - 1);
  ek_buffer buffer = {room.data(), room.size(), 0};
  STATUS(EK_BUFFER_TOO_SMALL, call(&buffer));
  EXPECT(buffer.count == room.size() + 1);
  room.resize(buffer.count);
  room.shrink_to_fit();
  buffer = {room.data(), room.size(), 0};
  STATUS(expected, call(&buffer));
  room.resize(expected == EK_OK ? buffer.count : 0);
  return room;
}

Bytes &operator+=(Bytes &all, const Bytes &more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

const uint64_t now = 1700000000000;

std::string text(const ek_id &id) { return std::string(id.bytes, id.bytes + 16); }

// What the service keeps.
struct Service {
  std::map<int32_t, Bytes> kept;
  // Of each person.
  std::map<std::string, Bytes> keys;
  // Of each computer.
  std::map<std::string, Bytes> requests;
  std::map<std::string, Bytes> grants;

  // Stores what a person's end has made, of whom the account has this vault.
  void store(const Messages &messages, const ek_id &person) {
    for (size_t index = 0; index < ek_messages_count(messages.get()); index++) {
      const int32_t type = ek_messages_type(messages.get(), index);
      ek_id to;
      if (ek_messages_recipient(messages.get(), index, &to) == EK_OK) {
        EXPECT(type == EK_MESSAGE_TYPE_GRANT);
        grants[text(to)] = message(messages, index);
      } else if (type == EK_MESSAGE_TYPE_PERSON_KEYS) {
        keys[text(person)] = message(messages, index);
      } else {
        kept[type] = message(messages, index);
      }
    }
  }

  // The same, and the end hears of it.
  void settle(const Owner &owner, const Messages &messages) {
    ek_id person;
    OK(ek_owner_person_id(owner.get(), &person));
    EXPECT(ek_owner_phase(owner.get()) == EK_OWNER_PHASE_SETTLING);
    store(messages, person);
    OK(ek_owner_stored(owner.get(), nullptr));
    EXPECT(ek_owner_phase(owner.get()) == EK_OWNER_PHASE_OPEN);
  }

  ek_whole whole(const ek_id &person) {
    return {view(keys[text(person)]), view(kept[EK_MESSAGE_TYPE_PASSWORD_WRAP]),
            view(kept[EK_MESSAGE_TYPE_ACCOUNT_STATE]), view(grants[text(person)]),
            view(kept[EK_MESSAGE_TYPE_OWNER_VAULT]), view(kept[EK_MESSAGE_TYPE_RULE_SET])};
  }

  ek_bytes head(const ek_id &person) { return {keys[text(person)].data(), 69}; }

  // Keys for every computer that asked, from an end that may give them.
  void grant(const Owner &owner) {
    std::vector<ek_bytes> all;
    for (const auto &one : requests) all.push_back(view(one.second));
    Messages made;
    ek_id nobody = {};
    OK(ek_owner_make_grants(owner.get(), all.data(), all.size(), 0, now, out(made), nullptr));
    store(made, nobody);
  }

  void deliver(const Agent &agent) {
    ek_id id;
    OK(ek_agent_id(agent.get(), &id));
    OK(ek_agent_accept_state(agent.get(), view(kept[EK_MESSAGE_TYPE_ACCOUNT_STATE]), nullptr));
    OK(ek_agent_accept_grant(agent.get(), view(grants[text(id)]), nullptr));
    EXPECT(ek_agent_phase(agent.get()) == EK_AGENT_PHASE_ACTIVE);
  }
};

Secret secret(const char *text) {
  Secret made;
  OK(ek_secret_from_bytes(view(text), out(made), nullptr));
  return made;
}

Bytes token(const Agent &agent, const char *value, uint8_t field = EK_TOKEN_FIELD_URL) {
  return bytes([&](ek_buffer *buffer) {
    return ek_agent_seal_token(agent.get(), field, view(value), now, buffer, nullptr);
  });
}

std::string opened(const Owner &owner, const Bytes &token) {
  Bytes value = bytes([&](ek_buffer *buffer) {
    return ek_owner_open_token(owner.get(), view(token), buffer, nullptr);
  });
  return std::string(value.begin(), value.end());
}

// A blob in pieces of each size, by its owner.
void pieces(const Agent &agent, const Owner &owner) {
  Bytes content(100000);
  for (size_t i = 0; i < content.size(); i++) content[i] = static_cast<uint8_t>(i * 7 + i / 251);
  for (size_t size : {1000, 16384, 40000, 100000}) {
    BlobSealer sealer;
    Bytes blob;
    ek_blob_reference reference;
    OK(ek_agent_start_blob(agent.get(), EK_BLOB_FIELD_VOICE, now, out(sealer), nullptr));
    for (size_t start = 0; start < content.size(); start += size) {
      const ek_bytes part = {content.data() + start, std::min(size, content.size() - start)};
      blob += piece(part.count, EK_OK, [&](ek_buffer *buffer) {
        return ek_blob_sealer_update(sealer.get(), part, buffer, nullptr);
      });
    }
    blob += piece(0, EK_OK, [&](ek_buffer *buffer) {
      return ek_blob_sealer_finish(sealer.get(), buffer, &reference, nullptr);
    });
    Bytes room(ek_piece_room(0));
    ek_buffer buffer = {room.data(), room.size(), 0};
    STATUS(EK_NOTHING, ek_blob_sealer_finish(sealer.get(), &buffer, &reference, nullptr));
    EXPECT(reference.length == blob.size() && reference.field == EK_BLOB_FIELD_VOICE);
    EXPECT(content == bytes([&](ek_buffer *all) {
             return ek_owner_open_blob(owner.get(), view(blob), &reference, all, nullptr);
           }));

    // Opened in pieces: whole, cut, and damaged in its last chunk.
    for (int fault : {0, 1, 2}) {
      Bytes given = blob, opened;
      if (fault == 1) given.resize(given.size() - 1);
      if (fault == 2) given.back() ^= 1;
      BlobOpener opener;
      OK(ek_owner_start_blob(owner.get(), &reference, out(opener), nullptr));
      for (size_t start = 0; start < given.size(); start += size) {
        const ek_bytes part = {given.data() + start, std::min(size, given.size() - start)};
        opened += piece(part.count, EK_OK, [&](ek_buffer *all) {
          return ek_blob_opener_update(opener.get(), part, all, nullptr);
        });
      }
      opened += piece(0, fault ? EK_BLOB_OPEN_FAILED : EK_OK, [&](ek_buffer *all) {
        return ek_blob_opener_finish(opener.get(), all, nullptr);
      });
      EXPECT(fault ? opened.size() < content.size() : opened == content);
      STATUS(EK_NOTHING, ek_blob_opener_update(opener.get(), {nullptr, 0}, &buffer, nullptr));
    }
  }
}

// A spool: whole, torn, damaged, and another agent's; then a batch of it.
void spool(const Agent &agent, const Agent &other, const Secret &device_key) {
  Spool spool;
  OK(ek_agent_start_spool(agent.get(), device_key.get(), 7, out(spool), nullptr));
  Bytes segment = bytes([&](ek_buffer *buffer) { return ek_spool_header(spool.get(), buffer, nullptr); });
  const size_t header = segment.size();
  const char *titles[] = {"one", "", "three"};
  std::vector<size_t> ends;
  Messages frame;
  for (const char *title : titles) {
    const ek_captured items[] = {
        {EK_BLOB_FIELD_SCREENSHOT, view("picture")}, {EK_TOKEN_FIELD_WINDOW_TITLE, view(title)}};
    const ek_capture capture = {EK_RECORD_KIND_APPLICATION, now, 1000, items, 2};
    OK(ek_agent_capture(agent.get(), spool.get(), &capture, out(frame), nullptr));
    EXPECT(ek_messages_count(frame.get()) == 1 && ek_messages_type(frame.get(), 0) == 0);
    segment += message(frame, 0);
    ends.push_back(segment.size());
  }
  const ek_captured unknown = {99, view("a")};
  const ek_capture refused = {EK_RECORD_KIND_APPLICATION, now, 1000, &unknown, 1};
  STATUS(EK_BAD_ARGUMENT, ek_agent_capture(agent.get(), spool.get(), &refused, out(frame), nullptr));

  Recovery recovery;
  ek_error refusal;
  size_t offset = 0, length = 0;
  ek_status code = 0;
  uint32_t number = 9;
  bool breaks = true;
  OK(ek_agent_recover_spool(agent.get(), device_key.get(), view(segment), out(recovery), nullptr));
  EXPECT(ek_recovery_frame_count(recovery.get()) == 3 && ek_recovery_damage_count(recovery.get()) == 0);
  STATUS(EK_NOTHING, ek_recovery_refusal(recovery.get(), &refusal));
  STATUS(EK_NOTHING, ek_recovery_torn_offset(recovery.get(), &offset));
  Bytes third = bytes([&](ek_buffer *buffer) {
    return ek_recovery_frame(recovery.get(), 2, &number, &breaks, buffer, nullptr);
  });
  EXPECT(number == 2 && !breaks);
  ek_buffer none = {nullptr, 0, 0};
  STATUS(EK_NOTHING, ek_recovery_frame(recovery.get(), 3, &number, &breaks, &none, nullptr));

  Bytes torn(segment.begin(), segment.end() - 1);
  OK(ek_agent_recover_spool(agent.get(), device_key.get(), view(torn), out(recovery), nullptr));
  OK(ek_recovery_torn_offset(recovery.get(), &offset));
  EXPECT(ek_recovery_frame_count(recovery.get()) == 2 && offset == ends[1]);

  Bytes damaged = segment;
  damaged[ends[0] - 1] ^= 1;
  OK(ek_agent_recover_spool(agent.get(), device_key.get(), view(damaged), out(recovery), nullptr));
  EXPECT(ek_recovery_frame_count(recovery.get()) == 2 && ek_recovery_damage_count(recovery.get()) == 1);
  OK(ek_recovery_damage(recovery.get(), 0, &offset, &length, &code));
  EXPECT(offset == header && length == ends[0] - header && code == EK_FRAME_OPEN_FAILED);
  STATUS(EK_NOTHING, ek_recovery_damage(recovery.get(), 1, &offset, &length, &code));

  OK(ek_agent_recover_spool(other.get(), device_key.get(), view(segment), out(recovery), nullptr));
  OK(ek_recovery_refusal(recovery.get(), &refusal));
  EXPECT(refusal.status == EK_WRONG_RECIPIENT && ek_recovery_frame_count(recovery.get()) == 0);

  Records records;
  Messages blobs;
  OK(ek_agent_start_records(agent.get(), now, out(records), nullptr));
  OK(ek_records_seal(records.get(), view(third), out(blobs), nullptr));
  EXPECT(ek_records_count(records.get()) == 1 && ek_messages_count(blobs.get()) == 1);
  EXPECT(ek_messages_type(blobs.get(), 0) == EK_MESSAGE_TYPE_SEALED_BLOB);
  STATUS(EK_TRUNCATED, ek_records_seal(records.get(), {third.data(), 9}, out(blobs), nullptr));
  EXPECT(ek_records_count(records.get()) == 1);
}

// Tokens of which some do not open, as their bytes and as their texts.
void many_tokens(const Agent &agent, const Owner &owner) {
  std::vector<Bytes> tokens = {token(agent, "one"), token(agent, "two"), token(agent, ""), token(agent, "four")};
  tokens[1].back() ^= 1;
  tokens[2].pop_back();
  std::vector<ek_bytes> views;
  for (const Bytes &one : tokens) views.push_back(view(one));
  size_t ends[4];
  ek_status statuses[4];
  Bytes values = bytes([&](ek_buffer *buffer) {
    return ek_owner_open_tokens(owner.get(), views.data(), views.size(), buffer, ends, statuses, nullptr);
  });
  EXPECT(std::string(values.begin(), values.end()) == "onefour");
  EXPECT(ends[0] == 3 && ends[1] == 3 && ends[2] == 3 && ends[3] == 7);
  EXPECT(statuses[0] == EK_OK && statuses[1] == EK_TOKEN_OPEN_FAILED);
  EXPECT(statuses[2] == EK_TRUNCATED && statuses[3] == EK_OK);
  Bytes text = bytes([&](ek_buffer *buffer) {
    return ek_agent_seal_token_text(agent.get(), EK_TOKEN_FIELD_URL, view("one"), now, buffer, nullptr);
  });
  ek_bytes texts[] = {view("no token"), view(text)};
  values = bytes([&](ek_buffer *buffer) {
    return ek_owner_open_token_texts(owner.get(), texts, 2, buffer, ends, statuses, nullptr);
  });
  EXPECT(std::string(values.begin(), values.end()) == "one" && ends[0] == 0 && ends[1] == 3);
  EXPECT(statuses[0] == EK_BAD_PREFIX && statuses[1] == EK_OK);
  ek_buffer none = {nullptr, 0, 0};
  OK(ek_owner_open_tokens(owner.get(), nullptr, 0, &none, ends, statuses, nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_owner_open_tokens(owner.get(), nullptr, 1, &none, ends, statuses, nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_owner_open_tokens(owner.get(), texts, 2, &none, ends, nullptr, nullptr));
}

// Opens what the service has for a person.
void open(const Owner &owner, Service &service, const ek_id &person, const ek_credentials &credentials,
          const Bytes &pending = {}, const Bytes &kept = {}) {
  Stretched stretched;
  Secret login_key;
  ek_hash login_id;
  OK(ek_credentials_login_id(&credentials, &login_id, nullptr));
  OK(ek_owner_stretch(owner.get(), &credentials, service.head(person), false, out(stretched), nullptr));
  OK(ek_stretched_login_key(stretched.get(), out(login_key), nullptr));
  EXPECT(ek_secret_count(login_key.get()) == 32);
  const ek_whole whole = service.whole(person);
  OK(ek_owner_open(owner.get(), &whole, stretched.get(), view(pending), view(kept), nullptr));
}

// What the service has does not open: the owner's end opens what it has kept, and only a root act goes on from it.
void kept_whole(Owner &owner, Service &service, const ek_id &id, const ek_credentials &credentials,
                const Secret &device_key) {
  Messages messages;
  Secret code;
  ek_whole whole = service.whole(id);
  const Bytes before = service.kept[EK_MESSAGE_TYPE_OWNER_VAULT];
  Bytes kept = bytes([&](ek_buffer *buffer) {
    return ek_owner_keep(owner.get(), &whole, {nullptr, 0}, buffer, nullptr);
  });
  // It follows what is published.
  OK(ek_owner_make_code(owner.get(), EK_GRANT_KIND_SCOPED, EK_APPROVAL_MANUAL, 1, view(""), 0, 0, now, out(code),
                        out(messages), nullptr));
  Bytes pending = bytes([&](ek_buffer *buffer) { return ek_owner_save_pending(owner.get(), buffer, nullptr); });
  Bytes after = bytes([&](ek_buffer *buffer) {
    return ek_kept_after(view(kept), view(pending), buffer, nullptr);
  });
  service.settle(owner, messages);
  ek_buffer none = {nullptr, 0, 0};
  STATUS(EK_NOTHING, ek_kept_after(view(after), view(pending), &none, nullptr));
  whole = service.whole(id);
  whole.owner_vault = view(before);
  STATUS(EK_NOTHING, ek_owner_keep(owner.get(), &whole, view(after), &none, nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_kept_after({nullptr, 0}, view(pending), &none, nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_kept_after(view("kept"), view(pending), &none, nullptr));
  whole = service.whole(id);
  kept = bytes([&](ek_buffer *buffer) {
    return ek_owner_keep(owner.get(), &whole, view(after), buffer, nullptr);
  });
  EXPECT(!kept.empty() && !ek_owner_is_aside(owner.get()) && ek_owner_missing_keys(owner.get()) == 0);

  OK(ek_owner_save_pins(owner.get(), device_key.get(), out(messages), nullptr));
  const Bytes pins = message(messages, 0);
  Bytes &vault = service.kept[EK_MESSAGE_TYPE_OWNER_VAULT];
  const Bytes right = vault;
  vault.back() ^= 1;
  for (const Bytes &one : {after, kept}) {
    OK(ek_owner_locked(view(pins), device_key.get(), true, out(owner), nullptr));
    open(owner, service, id, credentials, {}, one);
    EXPECT(ek_owner_is_aside(owner.get()) && !ek_owner_is_confirmed(owner.get()));
    EXPECT(ek_owner_finding_count(owner.get()) == 1 && ek_owner_finding(owner.get(), 0) == EK_SIGNATURE_INVALID);
    whole = service.whole(id);
    STATUS(EK_NOTHING, ek_owner_keep(owner.get(), &whole, view(one), &none, nullptr));
    STATUS(EK_UNSETTLED, ek_owner_rotate(owner.get(), EK_CONSENT_IS_NEWEST, now, out(messages), nullptr));
  }
  vault = right;
  OK(ek_owner_locked(view(pins), device_key.get(), true, out(owner), nullptr));
  open(owner, service, id, credentials, {}, kept);
  EXPECT(!ek_owner_is_aside(owner.get()) && ek_owner_finding_count(owner.get()) == 0);
  EXPECT(!ek_owner_is_aside(nullptr) && ek_owner_missing_keys(nullptr) == 0);
}

// A second person: reads, names a computer while the owner makes a code, and goes.
void persons(const Owner &owner, Service &service, const Bytes &token, const ek_id &computer) {
  Messages messages, request;
  Secret code, password = secret("battery staple");
  OK(ek_owner_make_manager_code(owner.get(), view("Ben"), 0, 0, now, out(code), out(messages), nullptr));
  service.settle(owner, messages);
  ek_credentials credentials = {view("ben@example.com"), password.get(), nullptr};
  Owner manager;
  OK(ek_owner_absent(true, out(manager), nullptr));
  OK(ek_owner_join(manager.get(), code.get(), &credentials, 0, out(request), nullptr));
  EXPECT(ek_messages_type(request.get(), 0) == EK_MESSAGE_TYPE_ENROLMENT_REQUEST);
  ek_login login;
  ek_hash expected;
  OK(ek_messages_login(request.get(), &login));
  STATUS(EK_NOTHING, ek_messages_expected(request.get(), &expected));
  Bytes sent = message(request, 0);
  ek_id ben;
  OK(ek_request_agent_id(view(sent), &ben, nullptr));
  service.keys[text(ben)] = message(request, 1);
  STATUS(EK_WRONG_RECIPIENT, ek_owner_approve(owner.get(), view(sent), &ben, 0, now, out(messages), nullptr));
  OK(ek_owner_add_person(owner.get(), view(sent), &ben, view(""), nullptr, 0, 0, now, out(messages), nullptr));
  OK(ek_messages_expected(messages.get(), &expected));
  service.settle(owner, messages);
  ek_person person;
  uint8_t room[255];
  ek_buffer label = {room, sizeof room, 0};
  EXPECT(ek_owner_person_count(owner.get()) == 2);
  for (size_t index = 0; index < 2; index++) {
    OK(ek_owner_person(owner.get(), index, &person, &label));
    EXPECT((person.role == EK_PERSON_ROLE_MANAGER) == (text(person.id) == text(ben)));
    EXPECT(label.count == (person.role == EK_PERSON_ROLE_MANAGER ? 3 : 0));
  }
  STATUS(EK_NOTHING, ek_owner_person(owner.get(), 2, &person, &label));

  // The digits that both compare, before the manager signs anything.
  open(manager, service, ben, credentials);
  ek_hash ours, theirs;
  OK(ek_owner_state_hash(owner.get(), &ours));
  OK(ek_owner_state_hash(manager.get(), &theirs));
  EXPECT(std::memcmp(ours.bytes, theirs.bytes, 32) == 0);
  EXPECT(opened(manager, token) == "https://example.com");
  EXPECT(!ek_owner_is_owner(manager.get()) && ek_owner_is_owner(owner.get()) && !ek_owner_is_confirmed(manager.get()));
  STATUS(EK_APPROVAL_REQUIRED,
         ek_owner_label_member(manager.get(), &computer, view("Studio"), 0, now, out(messages), nullptr));
  OK(ek_owner_confirm(manager.get(), nullptr));
  STATUS(EK_ROOT_REQUIRED, ek_owner_repair(manager.get(), nullptr, 0, nullptr, 0, 0, now, out(messages), nullptr));

  // Both act at once: the slower one's act is made on top of the other's.
  STATUS(EK_BAD_ARGUMENT, ek_owner_make_code(owner.get(), EK_GRANT_KIND_MASTER, EK_APPROVAL_AUTOMATIC, 1, view(""), 0,
                                             0, now, out(code), out(messages), nullptr));
  Messages slower;
  OK(ek_owner_make_code(owner.get(), EK_GRANT_KIND_SCOPED, EK_APPROVAL_MANUAL, 1, view(""), 0, 0, now, out(code),
                        out(slower), nullptr));
  OK(ek_owner_label_member(manager.get(), &computer, view("Studio"), 0, now, out(messages), nullptr));
  service.settle(manager, messages);
  ek_id id;
  OK(ek_owner_person_id(owner.get(), &id));
  const ek_whole whole = service.whole(id);
  int32_t loss = 0;
  STATUS(EK_UNSETTLED, ek_owner_rotate(owner.get(), 0, now, out(messages), nullptr));
  OK(ek_owner_lost(owner.get(), &whole, {nullptr, 0}, &loss, out(messages), nullptr));
  EXPECT(loss == EK_LOSS_MERGED);
  service.settle(owner, messages);
  ek_member member;
  bool named = false;
  for (size_t index = 0; index < ek_owner_member_count(owner.get()); index++) {
    OK(ek_owner_member(owner.get(), index, &member, &label));
    if (text(member.id) == text(computer)) named = label.count == 6 && std::memcmp(room, "Studio", 6) == 0;
    EXPECT((member.status == EK_MEMBER_STATUS_GRANTED) == (text(member.id) == text(computer)));
    EXPECT(member.kind == EK_GRANT_KIND_SCOPED);
  }
  EXPECT(named);

  // A new password opens, the old one does not; then the manager goes.
  Secret other = secret("tomato soup");
  ek_credentials changed = {credentials.login_name, other.get(), nullptr};
  OK(ek_owner_lock(manager.get(), nullptr));
  open(manager, service, ben, credentials);
  OK(ek_owner_change_password(manager.get(), &changed, 0, 0, now, out(messages), nullptr));
  OK(ek_messages_login(messages.get(), &login));
  service.settle(manager, messages);
  OK(ek_owner_lock(manager.get(), nullptr));
  open(manager, service, ben, changed);
  OK(ek_owner_lock(owner.get(), nullptr));
}

// The life of an account.
void life() {
  Service service;
  Messages messages;
  Secret device_key, account_secret, recovery_text, code;
  OK(ek_secret_make_device_key(out(device_key), nullptr));
  EXPECT(ek_secret_count(device_key.get()) == 32);
  Secret password = secret("correct horse");
  ek_credentials credentials = {view("ana@example.com"), password.get(), nullptr};

  // An account with a secret; its text is what opens it again.
  Owner owner;
  OK(ek_owner_absent(true, out(owner), nullptr));
  EXPECT(ek_owner_phase(owner.get()) == EK_OWNER_PHASE_ABSENT);
  STATUS(EK_NO_MASTER_KEY, ek_owner_lock(owner.get(), nullptr));
  STATUS(EK_VALUE_OUT_OF_RANGE, ek_owner_create(owner.get(), &credentials, 0, 6, now, out(account_secret),
                                                out(recovery_text), out(messages), nullptr));
  OK(ek_owner_create(owner.get(), &credentials, 0, 365, now, out(account_secret), out(recovery_text), out(messages),
                     nullptr));
  // Vault, state, keys, wrap, and the owner's grant to itself.
  EXPECT(ek_messages_count(messages.get()) == 5);
  EXPECT(ek_messages_type(messages.get(), 0) == EK_MESSAGE_TYPE_OWNER_VAULT);
  EXPECT(ek_messages_type(messages.get(), 5) == 0);
  EXPECT(ek_secret_count(account_secret.get()) == 63 && ek_secret_count(recovery_text.get()) == 63);
  ek_login login;
  ek_hash expected, login_id;
  STATUS(EK_NOTHING, ek_messages_expected(messages.get(), &expected));
  OK(ek_messages_login(messages.get(), &login));
  OK(ek_credentials_login_id(&credentials, &login_id, nullptr));
  EXPECT(std::memcmp(login.id.bytes, login_id.bytes, 32) == 0);
  service.settle(owner, messages);
  ek_id owner_id;
  OK(ek_owner_person_id(owner.get(), &owner_id));
  ek_credentials plain = credentials;
  credentials.account_secret = account_secret.get();
  STATUS(EK_ALREADY_PINNED, ek_owner_create(owner.get(), &plain, 0, 365, now, nullptr, out(code), out(messages),
                                            nullptr));

  // Two agents, let in by a person.
  Agent agents[2];
  ek_id ids[2];
  Messages request;
  OK(ek_owner_make_code(owner.get(), EK_GRANT_KIND_SCOPED, EK_APPROVAL_MANUAL, 2, view("Studio"), 0, 0, now, out(code),
                        out(messages), nullptr));
  OK(ek_messages_expected(messages.get(), &expected));
  service.settle(owner, messages);
  Secret admission, upload_key;
  OK(ek_code_admission(code.get(), out(admission), nullptr));
  EXPECT(ek_secret_count(admission.get()) == 32 && ek_secret_count(code.get()) == 86);
  for (int index = 0; index < 2; index++) {
    Agent &agent = agents[index];
    OK(ek_agent_create(out(agent), nullptr));
    ek_id id, approved;
    STATUS(EK_NOTHING, ek_agent_account_id(agent.get(), &id));
    STATUS(EK_NOTHING, ek_agent_request(agent.get(), out(request), nullptr));
    OK(ek_agent_enrol(agent.get(), code.get(), out(request), nullptr));
    EXPECT(ek_agent_needs_mark(agent.get()));
    OK(ek_agent_upload_key(agent.get(), device_key.get(), out(upload_key), nullptr));
    Bytes sent = message(request, 0);
    STATUS(EK_APPROVAL_REQUIRED, ek_owner_approve(owner.get(), view(sent), nullptr, 0, now, out(messages), nullptr));
    OK(ek_request_agent_id(view(sent), &approved, nullptr));
    OK(ek_agent_id(agent.get(), &id));
    EXPECT(std::memcmp(id.bytes, approved.bytes, 16) == 0);
    OK(ek_owner_approve(owner.get(), view(sent), &approved, 0, now, out(messages), nullptr));
    service.settle(owner, messages);
    ids[index] = id;
    service.requests[text(id)] = sent;
  }
  service.grant(owner);
  for (Agent &agent : agents) service.deliver(agent);
  STATUS(EK_ALREADY_PINNED, ek_agent_enrol(agents[0].get(), code.get(), out(messages), nullptr));

  // Tokens: the same of both agents, one by one and together; the owner reads them.
  Bytes site = token(agents[0], "https://example.com");
  EXPECT(site == token(agents[1], "https://example.com"));
  EXPECT(opened(owner, site) == "https://example.com");
  EXPECT(opened(owner, token(agents[0], "")) == "");
  std::vector<ek_bytes> values = {view("https://example.com"), view(""), view("https://example.org/a/longer/one")};
  std::vector<size_t> ends(values.size());
  Bytes many = bytes([&](ek_buffer *buffer) {
    return ek_agent_seal_tokens(agents[1].get(), EK_TOKEN_FIELD_URL, values.data(), values.size(), now, buffer,
                                ends.data(), nullptr);
  });
  EXPECT(ends[2] == many.size() && Bytes(many.begin(), many.begin() + ends[0]) == site);
  EXPECT(opened(owner, Bytes(many.begin() + ends[1], many.end())) == "https://example.org/a/longer/one");
  Bytes damaged = site;
  damaged.back() ^= 1;
  ek_error error;
  uint8_t room[4095];
  ek_buffer value = {room, sizeof room, 7};
  STATUS(EK_TOKEN_OPEN_FAILED, ek_owner_open_token(owner.get(), view(damaged), &value, &error));
  EXPECT(error.status == EK_TOKEN_OPEN_FAILED && error.offset == -1 && std::string(error.section) == "14.2");
  EXPECT(value.count == 7);
  damaged.pop_back();
  STATUS(EK_TRUNCATED, ek_owner_open_token(owner.get(), view(damaged), &value, &error));
  EXPECT(error.offset >= 0 && std::string(error.section) == "8.3");
  const uint8_t no_text[] = {0xff};
  STATUS(EK_VALUE_NOT_UTF8,
         ek_agent_seal_token(agents[0].get(), EK_TOKEN_FIELD_URL, {no_text, 1}, now, &value, nullptr));
  STATUS(EK_BAD_ARGUMENT,
         ek_agent_seal_token(agents[0].get(), EK_BLOB_FIELD_VOICE, view("a"), now, &value, nullptr));
  EXPECT(token(agents[0], "https://example.com") == site);

  many_tokens(agents[0], owner);
  pieces(agents[0], owner);
  spool(agents[0], agents[1], device_key);

  // A blob, a batch, and what the owner finds.
  Bytes picture(40000, 0x89);
  ek_blob_reference reference;
  Messages blob, batch;
  OK(ek_agent_seal_blob(agents[0].get(), EK_BLOB_FIELD_SCREENSHOT, view(picture), now, out(blob), &reference,
                        nullptr));
  Bytes sealed = message(blob, 0);
  EXPECT(reference.field == EK_BLOB_FIELD_SCREENSHOT && reference.length == sealed.size());
  for (const ek_blob_reference *said : {&reference, static_cast<ek_blob_reference *>(nullptr)}) {
    EXPECT(picture == bytes([&](ek_buffer *buffer) {
             return ek_owner_open_blob(owner.get(), view(sealed), said, buffer, nullptr);
           }));
  }
  ek_blob_reference other = reference;
  other.digest[31] ^= 1;
  Bytes content(sealed.size());
  ek_buffer content_buffer = {content.data(), content.size(), 0};
  EXPECT(ek_owner_open_blob(owner.get(), view(sealed), &other, &content_buffer, nullptr) > 0);
  EXPECT(content == Bytes(sealed.size()));
  ek_bytes tokens[] = {view(site)};
  ek_record record = {EK_RECORD_KIND_WEBSITE, now, 90000, tokens, 1, &reference, 1};
  Records records;
  OK(ek_agent_start_records(agents[0].get(), now, out(records), nullptr));
  OK(ek_records_add(records.get(), &record, nullptr));
  OK(ek_agent_sign_batch(agents[0].get(), records.get(), now, out(batch), nullptr));
  EXPECT(ek_agent_sequence(agents[0].get()) == 1);
  Bytes signed_batch = message(batch, 0);
  Audit audit;
  ek_bytes batches[] = {view(signed_batch), view(signed_batch)};
  OK(ek_owner_audit(owner.get(), &ids[0], batches, 2, view(service.requests[text(ids[0])]), out(audit), nullptr));
  size_t place = 9;
  uint64_t milliseconds = 0, number = 9;
  EXPECT(ek_audit_finding_count(audit.get()) == 1 && ek_audit_total_count(audit.get()) == 1);
  OK(ek_audit_finding(audit.get(), 0, &place, &number, &error));
  EXPECT(place == 1 && number == 0 && error.status == EK_SEQUENCE_REPEAT);
  STATUS(EK_NOTHING, ek_audit_finding(audit.get(), 1, &place, &number, &error));
  EXPECT(site == bytes([&](ek_buffer *buffer) {
           return ek_audit_total(audit.get(), 0, buffer, &milliseconds, nullptr);
         }));
  EXPECT(milliseconds == 90000);
  const ek_audit *audits[] = {audit.get(), audit.get()};
  STATUS(EK_BAD_ARGUMENT, ek_owner_note(owner.get(), audits, 2, 0, now, out(messages), nullptr));
  OK(ek_owner_note(owner.get(), audits, 1, 0, now, out(messages), nullptr));
  service.settle(owner, messages);
  ek_rule rule = {EK_TOKEN_FIELD_URL, EK_CATEGORY_PRODUCTIVE, view("https://example.com")};
  OK(ek_owner_set_rules(owner.get(), &rule, 1, 0, now, out(messages), nullptr));
  service.settle(owner, messages);
  OK(ek_owner_set_retention(owner.get(), 30, 7, 0, now, out(messages), nullptr));
  service.settle(owner, messages);

  // The agent's restart, with its state, and without.
  OK(ek_agent_run(agents[1].get(), 600000, nullptr));
  EXPECT(!ek_agent_is_expired(agents[1].get(), now) && ek_agent_is_expired(agents[1].get(), UINT64_MAX));
  OK(ek_agent_save(agents[1].get(), device_key.get(), out(messages), nullptr));
  Bytes state = message(messages, 0);
  OK(ek_agent_restore(view(state), device_key.get(), true, out(agents[1]), nullptr));
  EXPECT(token(agents[1], "https://example.com") == site);
  Agent lost;
  OK(ek_agent_restore({nullptr, 0}, device_key.get(), true, out(lost), nullptr));
  EXPECT(ek_agent_phase(lost.get()) == EK_AGENT_PHASE_STOPPED);
  STATUS(EK_STOPPED, ek_agent_save(lost.get(), device_key.get(), out(messages), nullptr));

  // One computer is removed, the other gets keys of a new epoch. The device stops in the middle of it.
  ek_member staying{};
  staying.id = ids[1];
  staying.kind = EK_GRANT_KIND_MASTER;
  STATUS(EK_APPROVAL_REQUIRED,
         ek_owner_remove(owner.get(), &ids[0], 1, nullptr, 0, 0, now, out(messages), nullptr));
  STATUS(EK_APPROVAL_REQUIRED,
         ek_owner_remove(owner.get(), &ids[0], 1, &staying, 1, 0, now, out(messages), nullptr));
  staying.kind = EK_GRANT_KIND_SCOPED;
  OK(ek_owner_remove(owner.get(), &ids[0], 1, &staying, 1, 0, now, out(messages), nullptr));
  Bytes pending = bytes([&](ek_buffer *buffer) { return ek_owner_save_pending(owner.get(), buffer, nullptr); });
  Messages saved, again;
  OK(ek_owner_save_pins(owner.get(), device_key.get(), out(saved), nullptr));
  Bytes pins = message(saved, 0);
  OK(ek_owner_locked(view(pins), device_key.get(), true, out(owner), nullptr));
  open(owner, service, owner_id, credentials, pending);
  OK(ek_owner_send_again(owner.get(), out(again), nullptr));
  EXPECT(message(again, 0) == message(messages, 0));
  service.settle(owner, again);
  STATUS(EK_NOTHING, ek_owner_save_pending(owner.get(), &value, nullptr));
  service.grant(owner);
  service.deliver(agents[1]);
  OK(ek_agent_accept_state(agents[0].get(), view(service.kept[EK_MESSAGE_TYPE_ACCOUNT_STATE]), nullptr));
  EXPECT(ek_agent_phase(agents[0].get()) == EK_AGENT_PHASE_REVOKED);
  STATUS(EK_REVOKED, ek_agent_seal_token(agents[0].get(), EK_TOKEN_FIELD_URL, view("a"), now, &value, nullptr));
  Bytes later = token(agents[1], "https://example.com");
  EXPECT(later != site && opened(owner, later) == opened(owner, site));

  // Given up, and made again.
  OK(ek_owner_rotate(owner.get(), 0, now, out(messages), nullptr));
  OK(ek_owner_discard(owner.get(), nullptr));
  EXPECT(!ek_owner_is_root_due(owner.get()));
  OK(ek_owner_retire(owner.get(), &ids[1], 1, 0, now, out(messages), nullptr));
  OK(ek_owner_discard(owner.get(), nullptr));
  STATUS(EK_NOTHING, ek_owner_renew(owner.get(), 0, now, out(messages), nullptr));
  STATUS(EK_NOTHING, ek_owner_make_wrap(owner.get(), 0, now, out(messages), nullptr));

  // Locked twice, and opened on this device and on a fresh one.
  OK(ek_owner_save_pins(owner.get(), device_key.get(), out(messages), nullptr));
  pins = message(messages, 0);
  OK(ek_owner_lock(owner.get(), nullptr));
  STATUS(EK_NO_MASTER_KEY, ek_owner_lock(owner.get(), nullptr));
  STATUS(EK_NO_MASTER_KEY, ek_owner_open_token(owner.get(), view(site), &value, nullptr));
  Owner fresh;
  OK(ek_owner_locked(view(pins), device_key.get(), true, out(owner), nullptr));
  OK(ek_owner_locked({nullptr, 0}, nullptr, false, out(fresh), nullptr));
  Secret wrong = secret("correct house");
  ek_credentials mistyped = {credentials.login_name, wrong.get(), account_secret.get()};
  Stretched stretched;
  const ek_whole whole = service.whole(owner_id);
  OK(ek_owner_stretch(owner.get(), &mistyped, service.head(owner_id), false, out(stretched), nullptr));
  STATUS(EK_PERSON_KEYS_OPEN_FAILED,
         ek_owner_open(owner.get(), &whole, stretched.get(), {nullptr, 0}, {nullptr, 0}, nullptr));
  STATUS(EK_ACCOUNT_SECRET_MISMATCH,
         ek_owner_stretch(owner.get(), &plain, service.head(owner_id), false, out(stretched), nullptr));
  open(owner, service, owner_id, credentials);
  open(fresh, service, owner_id, credentials);
  EXPECT(ek_owner_finding_count(owner.get()) == 0 && ek_owner_finding(owner.get(), 0) == EK_OK);
  EXPECT(opened(owner, site) == "https://example.com" && opened(fresh, later) == "https://example.com");
  kept_whole(owner, service, owner_id, credentials, device_key);
  STATUS(EK_APPROVAL_REQUIRED, ek_owner_rotate(fresh.get(), EK_CONSENT_IS_NEWEST, now, out(messages), nullptr));
  OK(ek_owner_rotate(fresh.get(), EK_CONSENT_IS_NEWEST | EK_CONSENT_WITHOUT_STORAGE, now, out(messages), nullptr));

  persons(owner, service, site, ids[1]);

  // The password is lost: the text on paper makes another list, under new keys.
  Owner recovered;
  Secret other_password = secret("another horse");
  ek_credentials others = {credentials.login_name, other_password.get(), nullptr};
  OK(ek_owner_absent(true, out(recovered), nullptr));
  const uint8_t kind = EK_GRANT_KIND_SCOPED;
  for (bool confirmed : {false, true}) {
    STATUS(confirmed ? EK_OK : EK_APPROVAL_REQUIRED,
           ek_owner_recover(recovered.get(), recovery_text.get(), view(service.kept[EK_MESSAGE_TYPE_ACCOUNT_STATE]),
                            view(service.kept[EK_MESSAGE_TYPE_OWNER_VAULT]), service.head(owner_id), confirmed,
                            nullptr, 0, &ids[1], &kind, 1, &others, 0, 365, now, out(messages), nullptr));
  }
  service.settle(recovered, messages);
  service.grant(recovered);
  service.deliver(agents[1]);
  Bytes after = token(agents[1], "https://example.com");
  EXPECT(opened(recovered, after) == "https://example.com");
  STATUS(EK_NO_EPOCH_KEY, ek_owner_open_token(recovered.get(), view(site), &value, nullptr));
}

void misuse() {
  ek_error error;
  ek_buffer buffer = {nullptr, 0, 0};
  ek_id id;
  Secret made = secret("");
  Agent agent;
  Owner owner;
  Messages messages;
  OK(ek_agent_create(out(agent), nullptr));
  OK(ek_owner_absent(true, out(owner), nullptr));

  // NULL.
  STATUS(EK_BAD_ARGUMENT, ek_agent_create(nullptr, &error));
  EXPECT(error.status == EK_BAD_ARGUMENT && error.offset == -1 && error.section[0] == 0);
  STATUS(EK_BAD_ARGUMENT, ek_secret_from_bytes({nullptr, 1}, out(made), nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_secret_from_bytes({nullptr, SIZE_MAX}, out(made), nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_secret_reveal(nullptr, &buffer, nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_agent_restore({nullptr, 0}, nullptr, false, nullptr, nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_agent_enrol(agent.get(), nullptr, out(messages), nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_agent_id(agent.get(), nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_agent_id(nullptr, &id));
  STATUS(EK_BAD_ARGUMENT, ek_agent_seal_token(nullptr, EK_TOKEN_FIELD_URL, view("a"), now, &buffer, nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_agent_sign_batch(agent.get(), nullptr, now, out(messages), nullptr));
  STATUS(EK_BAD_ARGUMENT,
         ek_owner_create(owner.get(), nullptr, 0, 365, now, nullptr, out(made), out(messages), nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_owner_open(owner.get(), nullptr, nullptr, {nullptr, 0}, {nullptr, 0}, nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_owner_remove(owner.get(), nullptr, 1, nullptr, 0, 0, now, out(messages), nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_owner_rotate(owner.get(), 8, now, out(messages), nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_owner_lock(nullptr, nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_audit_total(nullptr, 0, &buffer, nullptr, nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_agent_start_blob(agent.get(), EK_BLOB_FIELD_VOICE, now, nullptr, nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_blob_sealer_update(nullptr, view("a"), &buffer, nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_blob_opener_finish(nullptr, &buffer, nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_agent_capture(agent.get(), nullptr, nullptr, out(messages), nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_records_seal(nullptr, view("a"), out(messages), nullptr));
  STATUS(EK_BAD_ARGUMENT, ek_recovery_refusal(nullptr, &error));
  EXPECT(ek_recovery_frame_count(nullptr) == 0 && ek_recovery_damage_count(nullptr) == 0);
  EXPECT(ek_piece_room(SIZE_MAX) == PTRDIFF_MAX && ek_piece_room(0) >= 16384);
  STATUS(EK_BAD_ARGUMENT, ek_messages_copy(nullptr, 0, &buffer, nullptr));
  EXPECT(ek_agent_phase(nullptr) == 0 && ek_owner_phase(nullptr) == 0 && ek_messages_count(nullptr) == 0);
  EXPECT(ek_secret_count(nullptr) == 0 && ek_agent_sequence(nullptr) == 0 && !ek_agent_needs_mark(nullptr));
  ek_agent_free(nullptr);
  ek_owner_free(nullptr);
  ek_secret_free(nullptr);
  ek_messages_free(nullptr);
  ek_audit_free(nullptr);
  ek_blob_sealer_free(nullptr);
  ek_blob_opener_free(nullptr);
  ek_spool_free(nullptr);
  ek_recovery_free(nullptr);
  ek_records_free(nullptr);
  ek_stretched_free(nullptr);

  // The wrong order.
  STATUS(EK_NOT_PINNED, ek_agent_accept_state(agent.get(), view("no state"), nullptr));
  STATUS(EK_NOT_PINNED, ek_agent_seal_token(agent.get(), EK_TOKEN_FIELD_URL, view("a"), now, &buffer, nullptr));
  STATUS(EK_NOTHING, ek_owner_account_id(owner.get(), &id));
  BlobSealer sealer;
  BlobOpener opener;
  Spool spool;
  Secret key;
  OK(ek_secret_make_device_key(out(key), nullptr));
  STATUS(EK_NOT_PINNED, ek_agent_start_blob(agent.get(), EK_BLOB_FIELD_VOICE, now, out(sealer), nullptr));
  STATUS(EK_NOT_PINNED, ek_agent_start_spool(agent.get(), key.get(), 1, out(spool), nullptr));
  STATUS(EK_NO_MASTER_KEY, ek_owner_start_blob(owner.get(), nullptr, out(opener), nullptr));

  // No text of a code, and where.
  Secret typed = secret("ekc2");
  STATUS(EK_BAD_PREFIX, ek_agent_enrol(agent.get(), typed.get(), out(messages), &error));
  EXPECT(error.offset == 0 && std::string(error.section) == "18.1");
  EXPECT(ek_agent_phase(agent.get()) == EK_AGENT_PHASE_UNPINNED);

  // Secrets, and names of numbers.
  OK(ek_secret_from_bytes(view("12345678"), out(made), nullptr));
  Bytes revealed = bytes([&](ek_buffer *room) { return ek_secret_reveal(made.get(), room, nullptr); });
  EXPECT(std::string(revealed.begin(), revealed.end()) == "12345678");
  EXPECT(std::string(ek_status_name(EK_OK)) == "ok" && std::string(ek_status_name(12345)) == "unknown");
  EXPECT(std::string(ek_status_name(EK_BUFFER_TOO_SMALL)) == "buffer_too_small");
  EXPECT(std::strlen(ek_status_meaning(EK_SEQUENCE_GAP)) > 0);
}

}  // namespace

int main() {
  misuse();
  life();
  std::printf("C++: %d checks\n", checks);
}
