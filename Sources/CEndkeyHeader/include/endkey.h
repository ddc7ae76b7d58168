/* Endkey for C and whatever calls C: both ends of the protocol.
 *
 * Status. What can fail returns an ek_status: EK_OK, which is 0; a positive number, which is an error of the
 * protocol (section 19 of the specification); or a negative one, which is an error of this interface. ek_status_name
 * gives the name of each. A function that takes an ek_error also says there where and by which section an input was
 * refused; NULL where that is not asked for. A call that fails has changed nothing, unless it says otherwise.
 *
 * Bytes. What a function reads is an ek_bytes and is read before it returns. What it writes goes into an ek_buffer
 * of the caller's. A step that changes an end gives its messages as a handle, ek_messages, from which they are
 * copied, so that no buffer can be too small for a step that has happened.
 *
 * Handles. What a function gives through a pointer to a pointer, an ek_agent or an ek_secret, say, is the caller's,
 * who frees it with the function of its type, once; to free NULL is to do nothing. A handle is given only with EK_OK.
 * No handle holds on to another. A handle serves one thread at a time, and is none of another type: these two are not
 * checked. A NULL where something is needed is EK_BAD_ARGUMENT.
 *
 * Secrets. An ek_secret is in locked memory, behind it a page that traps, and is wiped when it is freed. Only
 * ek_secret_reveal copies it out. Who made one of bytes wipes those.
 *
 * Order. What a step gives is written where it belongs before anything that comes of it leaves the process, in the
 * order of section 13.4: first the end's own state (ek_agent_save, ek_owner_save_pins), then the service's messages.
 *
 * Times are milliseconds since 1970-01-01T00:00:00Z. Texts are UTF-8 without a NUL. */
#ifndef ENDKEY_H
#define ENDKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "endkey_codes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Values ---- */

/* Bytes to be read; data may be NULL if count is 0. */
typedef struct ek_bytes {
  const uint8_t *data;
  size_t count;
} ek_bytes;

/* Room for bytes: `capacity` of them at `data`, which may be NULL if capacity is 0. `count` is written: how many
 * bytes there are now, or, with EK_BUFFER_TOO_SMALL, how many there would be; the room was then not touched. */
typedef struct ek_buffer {
  uint8_t *data;
  size_t capacity;
  size_t count;
} ek_buffer;

/* The id of an account or an agent (section 7). */
typedef struct ek_id {
  uint8_t bytes[16];
} ek_id;

/* Why a call failed. It holds no byte of any input. */
typedef struct ek_error {
  ek_status status;
  /* Where the fault is, in bytes from the start of the input; -1 unless it is one of format. */
  int64_t offset;
  /* The section of the specification that says so, for example "8.3", with a NUL; empty for a negative status. */
  char section[8];
} ek_error;

/* The name of a status, in lower case as in the specification: "ok", "truncated", "buffer_too_small"; "unknown" for
 * a number that is no status. Never NULL, and not to be freed. */
const char *ek_status_name(ek_status status);

/* What a status means, for a person to read. Never NULL, and not to be freed. */
const char *ek_status_meaning(ek_status status);

/* ---- Secrets ---- */

typedef struct ek_secret ek_secret;

/* Copies bytes into a secret: a password, a device key, a code as it was typed. The caller wipes its own. */
ek_status ek_secret_from_bytes(ek_bytes bytes, ek_secret **secret, ek_error *error);

/* Makes the key under which an end's state is sealed on this device (section 13.4): once, for the platform's key
 * store. */
ek_status ek_secret_make_device_key(ek_secret **secret, ek_error *error);

/* The number of bytes; 0 for NULL. */
size_t ek_secret_count(const ek_secret *secret);

/* Copies the bytes out, to be shown to the person they are for or put into a key store. The caller wipes the copy. */
ek_status ek_secret_reveal(const ek_secret *secret, ek_buffer *bytes, ek_error *error);

/* Wipes and frees. */
void ek_secret_free(ek_secret *secret);

/* ---- Messages ---- */

/* The messages of a step, in the order in which they are to be stored; at the service in one transaction. */
typedef struct ek_messages ek_messages;

/* How many there are; 0 for NULL. */
size_t ek_messages_count(const ek_messages *messages);

/* The type of the message at `index`, an EK_MESSAGE_TYPE_...; 0 if there is none. */
int32_t ek_messages_type(const ek_messages *messages, size_t index);

/* The agent that the grant at `index` is for; EK_NOTHING if the message is no grant. */
ek_status ek_messages_recipient(const ek_messages *messages, size_t index, ek_id *agent_id);

/* Copies the bytes of the message at `index`. */
ek_status ek_messages_copy(const ek_messages *messages, size_t index, ek_buffer *bytes, ek_error *error);

void ek_messages_free(ek_messages *messages);

/* ---- Agent: the end that sees activity and reads none of it ---- */

typedef struct ek_agent ek_agent;

/* What a record says of a blob (section 15): its EK_BLOB_FIELD_..., the length and the SHA-256 of the sealed blob. */
typedef struct ek_blob_reference {
  uint8_t field;
  uint64_t length;
  uint8_t digest[32];
} ek_blob_reference;

/* One action (section 16.1): an EK_RECORD_KIND_..., when it began, how many milliseconds it took, and its fields.
 * Tokens are in their binary form. Tokens, and blobs, are in ascending order of their fields, at most one of each. */
typedef struct ek_record {
  uint8_t kind;
  uint64_t start;
  uint32_t duration;
  const ek_bytes *tokens;
  size_t token_count;
  const ek_blob_reference *blobs;
  size_t blob_count;
} ek_record;

/* Makes an agent that nobody has enrolled, with new keys. */
ek_status ek_agent_create(ek_agent **agent, ek_error *error);

/* Starts an agent from what stands on its disk: `state` as ek_agent_save gave it, of no bytes if nothing stands
 * there. `is_marked` is whether the mark stands that the agent was pinned (R-13.1-4). A marked agent whose state is
 * missing or does not open has stopped, and says so by its phase; without the mark it is a new agent. */
ek_status ek_agent_restore(ek_bytes state, const ek_secret *device_key, bool is_marked, ek_agent **agent,
                           ek_error *error);

/* An EK_AGENT_PHASE_... (section 10.3); 0 for NULL. */
int32_t ek_agent_phase(const ek_agent *agent);

/* Whether the mark must stand before the state is written; false for NULL. */
bool ek_agent_needs_mark(const ek_agent *agent);

/* The number of the last batch, which is how many there are; 0 for NULL. */
uint64_t ek_agent_sequence(const ek_agent *agent);

/* The agent's id; EK_NOTHING when it has stopped. */
ek_status ek_agent_id(const ek_agent *agent, ek_id *agent_id);

/* The account that is pinned; EK_NOTHING before that, and when the agent has stopped. */
ek_status ek_agent_account_id(const ek_agent *agent, ek_id *account_id);

/* A person gives a code: its text. Pins the account, and gives the request for the owner (section 10.2). */
ek_status ek_agent_enrol(ek_agent *agent, const ek_secret *code, ek_messages **request, ek_error *error);

/* The request that was made, to be sent again until there is a grant; EK_NOTHING when there is none. */
ek_status ek_agent_request(const ek_agent *agent, ek_messages **request, ek_error *error);

/* The service gives an AccountState (section 12.1). */
ek_status ek_agent_accept_state(ek_agent *agent, ek_bytes state, ek_error *error);

/* The service gives a Grant (section 11). */
ek_status ek_agent_accept_grant(ek_agent *agent, ek_bytes grant, ek_error *error);

/* The agent's state, sealed for its disk; its one message is written whole or not at all (section 13.4). */
ek_status ek_agent_save(ek_agent *agent, const ek_secret *device_key, ek_messages **state, ek_error *error);

/* Seals a value, UTF-8 of at most 4,095 bytes, as a token of the EK_TOKEN_FIELD_... (section 14.1). Equal values of
 * an account, epoch and field give equal tokens. A token has at most 4,120 bytes. */
ek_status ek_agent_seal_token(ek_agent *agent, uint8_t field, ek_bytes value, ek_buffer *token, ek_error *error);

/* The same in text form (section 14.3): at most 5,499 ASCII characters. */
ek_status ek_agent_seal_token_text(ek_agent *agent, uint8_t field, ek_bytes value, ek_buffer *text, ek_error *error);

/* Seals many values, which takes a fraction of the time. The tokens are written back to back; the token of values[i]
 * ends at ends[i], of which there are `count`. The first value that is refused fails all. */
ek_status ek_agent_seal_tokens(ek_agent *agent, uint8_t field, const ek_bytes *values, size_t count,
                               ek_buffer *tokens, size_t *ends, ek_error *error);

/* Seals a recording or text as the EK_BLOB_FIELD_... (section 15). Gives the blob for the service's store of blobs,
 * and its reference for a record. */
ek_status ek_agent_seal_blob(ek_agent *agent, uint8_t field, ek_bytes content, ek_messages **blob,
                             ek_blob_reference *reference, ek_error *error);

/* ---- Pieces: recordings of any length, in constant memory ---- */

/* The room that a call on a sealer, an opener or a spool wants, for `count` bytes that it is given: 17 kB and a
 * thousandth more than they are. One that has less is EK_BUFFER_TOO_SMALL with this number, and has taken nothing. */
size_t ek_piece_room(size_t count);

/* Seals one blob, a piece at a time. */
typedef struct ek_blob_sealer ek_blob_sealer;

/* Begins a blob as the EK_BLOB_FIELD_..., with the agent's current key (section 15). */
ek_status ek_agent_start_blob(const ek_agent *agent, uint8_t field, ek_blob_sealer **sealer, ek_error *error);

/* Takes the next piece of the content, and gives what of the blob is made: it may be nothing. */
ek_status ek_blob_sealer_update(ek_blob_sealer *sealer, ek_bytes content, ek_buffer *blob, ek_error *error);

/* Gives the rest of the blob, and its reference for a record; from then on EK_NOTHING. */
ek_status ek_blob_sealer_finish(ek_blob_sealer *sealer, ek_buffer *blob, ek_blob_reference *reference,
                                ek_error *error);

/* Wipes and frees, also a sealer that did not finish. */
void ek_blob_sealer_free(ek_blob_sealer *sealer);

/* ---- Spool: what the agent keeps until it can send it (section 17) ---- */

/* Makes the frames of one segment. */
typedef struct ek_spool ek_spool;

/* Starts a segment with the agent's current key. Each has a number of its own, up to 2^53 - 1. */
ek_status ek_agent_start_spool(const ek_agent *agent, uint64_t segment, ek_spool **spool, ek_error *error);

/* The header, with which the segment's file begins. */
ek_status ek_spool_header(const ek_spool *spool, ek_buffer *header, ek_error *error);

/* The next frame, which holds `payload`, to be written behind what the file has. Wants the room of its count. */
ek_status ek_spool_append(ek_spool *spool, ek_bytes payload, ek_buffer *frame, ek_error *error);

/* Wipes and frees. */
void ek_spool_free(ek_spool *spool);

/* What could be read of a segment. */
typedef struct ek_recovery ek_recovery;

/* Reads a segment of this agent: every frame that is whole and opens, whatever else is wrong. */
ek_status ek_agent_recover_spool(const ek_agent *agent, ek_bytes segment, ek_recovery **recovery, ek_error *error);

/* Why nothing of the segment was read; EK_NOTHING when it was. */
ek_status ek_recovery_refusal(const ek_recovery *recovery, ek_error *refusal);

/* How many frames opened; 0 for NULL. */
size_t ek_recovery_frame_count(const ek_recovery *recovery);

/* The frame at `index` in their order: its number in the segment, whether it fails to continue the one before
 * (chain_broken), and its payload. EK_NOTHING if there is no such frame. */
ek_status ek_recovery_frame(const ek_recovery *recovery, size_t index, uint32_t *number, bool *breaks_chain,
                            ek_buffer *payload, ek_error *error);

/* How many stretches of the segment are damaged; 0 for NULL. One that has any is to be kept aside (R-17-2). */
size_t ek_recovery_damage_count(const ek_recovery *recovery);

/* The damage at `index`: where it starts, how many bytes it has, and EK_BAD_FRAME or EK_FRAME_OPEN_FAILED.
 * EK_NOTHING if there is none. */
ek_status ek_recovery_damage(const ek_recovery *recovery, size_t index, size_t *offset, size_t *length,
                             ek_status *code);

/* Where a torn end starts, which is dropped; EK_NOTHING when the segment ends with a frame. */
ek_status ek_recovery_torn_offset(const ek_recovery *recovery, size_t *offset);

/* Frees. */
void ek_recovery_free(ek_recovery *recovery);

/* ---- Batches ---- */

/* Signs records as the next batch (section 16.1). */
ek_status ek_agent_sign_batch(ek_agent *agent, const ek_record *records, size_t count, ek_messages **batch,
                              ek_error *error);

/* Wipes and frees. */
void ek_agent_free(ek_agent *agent);

/* ---- Owner: the end that reads ---- */

typedef struct ek_owner ek_owner;

/* What the owner types. `account_secret` is its text as it was typed, or NULL if the account has none. */
typedef struct ek_credentials {
  ek_bytes login_name;
  const ek_secret *password;
  const ek_secret *account_secret;
} ek_credentials;

/* The messages that the service keeps of an account (section 12.6). `rule_set` is of no bytes if there is none. */
typedef struct ek_stored {
  ek_bytes password_wrap;
  ek_bytes private_keys;
  ek_bytes owner_vault;
  ek_bytes account_state;
  ek_bytes rule_set;
} ek_stored;

/* A category, an EK_CATEGORY_..., for a value of an EK_TOKEN_FIELD_... (section 16.4). */
typedef struct ek_rule {
  uint8_t field;
  uint8_t category;
  ek_bytes value;
} ek_rule;

/* What an owner's end may do (section 10.4). */
enum {
  EK_OWNER_PHASE_ABSENT = 1,
  EK_OWNER_PHASE_LOCKED = 2,
  EK_OWNER_PHASE_OPEN = 3,
  EK_OWNER_PHASE_ROTATION_DUE = 4
};

/* An end for an account that is to be made. */
ek_status ek_owner_absent(ek_owner **owner, ek_error *error);

/* An end for an account that exists. `pins` is what ek_owner_save_pins gave on this device; of no bytes on a fresh
 * device, where `device_key` may be NULL. */
ek_status ek_owner_locked(ek_bytes pins, const ek_secret *device_key, ek_owner **owner, ek_error *error);

/* An EK_OWNER_PHASE_...; 0 for NULL. */
int32_t ek_owner_phase(const ek_owner *owner);

/* The account that is open or remembered; EK_NOTHING when there is none. */
ek_status ek_owner_account_id(const ek_owner *owner, ek_id *account_id);

/* Makes an account and opens it (section 5). `iterations` are of PBKDF2, 600,000 to 10,000,000; 0 stands for the
 * least. With `account_secret` a secret is made without which the password opens nothing, and its text is given for
 * the owner to keep; the credentials have none then. NULL for an account without. */
ek_status ek_owner_create(ek_owner *owner, const ek_credentials *credentials, uint32_t iterations,
                          ek_secret **account_secret, ek_messages **messages, ek_error *error);

/* Opens an account from what the service keeps (sections 9.3, 12.6). */
ek_status ek_owner_open(ek_owner *owner, const ek_stored *stored, const ek_credentials *credentials, ek_error *error);

/* Wipes the keys. What the device remembers stays. */
ek_status ek_owner_lock(ek_owner *owner, ek_error *error);

/* What the device remembers of the account, sealed for its disk (section 13.4). */
ek_status ek_owner_save_pins(ek_owner *owner, const ek_secret *device_key, ek_messages **pins, ek_error *error);

/* Makes a code for `uses` computers (section 10.1): an EK_ROLE_..., an EK_APPROVAL_..., and when it ends, 0 for
 * never. The code's text must not travel through the service. */
ek_status ek_owner_make_code(ek_owner *owner, uint8_t role, uint8_t approval, uint16_t uses, uint64_t expires,
                             uint64_t now, ek_secret **code, ek_messages **messages, ek_error *error);

/* The id of the agent that made a request, for a person to compare before it is approved. */
ek_status ek_request_agent_id(ek_bytes request, ek_id *agent_id, ek_error *error);

/* Verifies a request, notes its maker as a member and grants it keys (section 10.2). `approved` is the agent that a
 * person let in, NULL for nobody; `kind` is an EK_GRANT_KIND_..., 0 for what the role has. */
ek_status ek_owner_approve(ek_owner *owner, ek_bytes request, const ek_id *approved, uint8_t kind, uint64_t now,
                           ek_messages **messages, ek_error *error);

/* Grants the current keys again to a member (section 11). */
ek_status ek_owner_grant(ek_owner *owner, const ek_id *agent_id, uint8_t kind, ek_messages **messages,
                         ek_error *error);

/* Revokes a member (section 12.3). Rotation is due then, if the member holds keys of the epoch. */
ek_status ek_owner_revoke(ek_owner *owner, const ek_id *agent_id, ek_messages **messages, ek_error *error);

/* Goes to the next epoch: new keys, and a grant for every member that is left (section 12.2). All codes end. */
ek_status ek_owner_rotate(ek_owner *owner, const ek_credentials *credentials, uint32_t iterations,
                          ek_messages **messages, ek_error *error);

/* Sets a new password in the same epoch (section 9.3). */
ek_status ek_owner_change_password(ek_owner *owner, const ek_credentials *credentials, uint32_t iterations,
                                   ek_messages **messages, ek_error *error);

/* Replaces all rules, and publishes those whose value was seen in the account's data (section 16.4). */
ek_status ek_owner_set_rules(ek_owner *owner, const ek_rule *rules, size_t count, ek_messages **messages,
                             ek_error *error);

/* The value of a token of any epoch: UTF-8 of at most 4,095 bytes (section 14.2). */
ek_status ek_owner_open_token(ek_owner *owner, ek_bytes token, ek_buffer *value, ek_error *error);

/* The value of the token whose text form is given. */
ek_status ek_owner_open_token_text(ek_owner *owner, ek_bytes text, ek_buffer *value, ek_error *error);

/* The content of a blob (section 15), held against what the record says of it; NULL if no record is at hand. The
 * content is shorter than the blob. */
ek_status ek_owner_open_blob(ek_owner *owner, ek_bytes blob, const ek_blob_reference *reference, ek_buffer *content,
                             ek_error *error);

/* Opens many tokens, which takes a fraction of the time. The values are written back to back; that of tokens[i] ends
 * at ends[i], and statuses[i] is EK_OK, or why the token does not open: its value is empty then. There are `count` of
 * each. */
ek_status ek_owner_open_tokens(const ek_owner *owner, const ek_bytes *tokens, size_t count, ek_buffer *values,
                               size_t *ends, ek_status *statuses, ek_error *error);

/* The same of tokens whose text forms are given. */
ek_status ek_owner_open_token_texts(const ek_owner *owner, const ek_bytes *texts, size_t count, ek_buffer *values,
                                    size_t *ends, ek_status *statuses, ek_error *error);

/* Opens one blob, a piece at a time. */
typedef struct ek_blob_opener ek_blob_opener;

/* Begins to open a blob, held against what the record says of it; NULL if no record is at hand (section 15). */
ek_status ek_owner_start_blob(const ek_owner *owner, const ek_blob_reference *reference, ek_blob_opener **opener,
                              ek_error *error);

/* Takes the next piece of the blob, and gives what of the content was verified: it may be nothing. After an error
 * nothing more is given. */
ek_status ek_blob_opener_update(ek_blob_opener *opener, ek_bytes blob, ek_buffer *content, ek_error *error);

/* Says that the blob has ended, and gives the rest of the content: only with EK_OK it is complete, and was what the
 * record says. From then on EK_NOTHING. */
ek_status ek_blob_opener_finish(ek_blob_opener *opener, ek_buffer *content, ek_error *error);

/* Wipes and frees. */
void ek_blob_opener_free(ek_blob_opener *opener);

/* What an audit found. */
typedef struct ek_audit ek_audit;

/* Audits batches of a member, in the order in which the service gives them, from where the last audit ended
 * (section 16.2). What is wrong with a batch is a finding, no error. */
ek_status ek_owner_audit(ek_owner *owner, const ek_id *agent_id, const ek_bytes *batches, size_t count,
                         ek_audit **audit, ek_messages **messages, ek_error *error);

/* How many findings there are; 0 for NULL. */
size_t ek_audit_finding_count(const ek_audit *audit);

/* The finding at `index`: the place of its batch among those given, and what is wrong with it. EK_NOTHING if there
 * is no such finding. */
ek_status ek_audit_finding(const ek_audit *audit, size_t index, size_t *batch, ek_error *finding);

/* How many tokens the counted batches have, each counted once; 0 for NULL. */
size_t ek_audit_total_count(const ek_audit *audit);

/* The token at `index`, in ascending order of bytes, and its sum in milliseconds (section 16.3). */
ek_status ek_audit_total(const ek_audit *audit, size_t index, ek_buffer *token, uint64_t *milliseconds,
                         ek_error *error);

void ek_audit_free(ek_audit *audit);

/* Wipes and frees. */
void ek_owner_free(ek_owner *owner);

#ifdef __cplusplus
}
#endif

#endif
