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
 * order of section 13.4: first the end's own state (ek_agent_save; ek_owner_save_pins with ek_owner_save_pending), then
 * the service's messages.
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

/* The id of an account, an agent or a person (section 7). */
typedef struct ek_id {
  uint8_t bytes[16];
} ek_id;

/* SHA-256 of a message (section 8). */
typedef struct ek_hash {
  uint8_t bytes[32];
} ek_hash;

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

/* The messages of a step. Those for the service are stored there in one transaction. */
typedef struct ek_messages ek_messages;

/* What the service keeps of a person's login (section 9.4). `recovery_verifier` is zeros for a manager. */
typedef struct ek_login {
  ek_hash id;
  ek_hash verifier;
  ek_hash recovery_verifier;
} ek_login;

/* How many there are; 0 for NULL. */
size_t ek_messages_count(const ek_messages *messages);

/* The type of the message at `index`, an EK_MESSAGE_TYPE_...; 0 if there is none. */
int32_t ek_messages_type(const ek_messages *messages, size_t index);

/* The agent or person that the grant at `index` is for; EK_NOTHING if the message is no grant. */
ek_status ek_messages_recipient(const ek_messages *messages, size_t index, ek_id *recipient);

/* Copies the bytes of the message at `index`. */
ek_status ek_messages_copy(const ek_messages *messages, size_t index, ek_buffer *bytes, ek_error *error);

/* The hash of the vault that the service must hold: with any other it stores none of the messages (section 12.8).
 * EK_NOTHING for a new account, and for messages that replace no vault. */
ek_status ek_messages_expected(const ek_messages *messages, ek_hash *vault);

/* What the service is to know a login by from now on; EK_NOTHING unless PersonKeys are among the messages. */
ek_status ek_messages_login(const ek_messages *messages, ek_login *login);

void ek_messages_free(ek_messages *messages);

/* ---- Agent: the end that sees activity and reads none of it ---- */

typedef struct ek_agent ek_agent;

/* What a record says of a blob (section 15): its EK_BLOB_FIELD_..., the length and the SHA-256 of the sealed blob. */
typedef struct ek_blob_reference {
  uint8_t field;
  uint64_t length;
  uint8_t digest[32];
} ek_blob_reference;

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

/* The agent has run on for as many milliseconds, by a clock that is never set and counts the time of sleep. To be said
 * before each step that takes the time, and before ek_agent_save, which is due every ten minutes (R-13.5-1). */
ek_status ek_agent_run(ek_agent *agent, uint64_t milliseconds, ek_error *error);

/* Whether the account's state has ended, so that nothing may be sealed or signed until there is a newer one (R-13.5-2);
 * false for NULL. */
bool ek_agent_is_expired(const ek_agent *agent, uint64_t now);

/* A person gives a code: its text. Pins the account, and gives the request for a person's end (section 10.2). */
ek_status ek_agent_enrol(ek_agent *agent, const ek_secret *code, ek_messages **request, ek_error *error);

/* The request that was made, to be sent again until there is a grant; EK_NOTHING when there is none. */
ek_status ek_agent_request(const ek_agent *agent, ek_messages **request, ek_error *error);

/* What lets a request under a code in at the service, 32 bytes (section 10.2). */
ek_status ek_code_admission(const ek_secret *code, ek_secret **admission, ek_error *error);

/* What lets the agent's batches and blobs in at the service, 32 bytes (section 6.2). */
ek_status ek_agent_upload_key(const ek_agent *agent, const ek_secret *device_key, ek_secret **upload_key,
                              ek_error *error);

/* The service gives an AccountState (section 12.1). */
ek_status ek_agent_accept_state(ek_agent *agent, ek_bytes state, ek_error *error);

/* The service gives a Grant (section 11). */
ek_status ek_agent_accept_grant(ek_agent *agent, ek_bytes grant, ek_error *error);

/* The agent's state, sealed for its disk; its one message is written whole or not at all (section 13.4). */
ek_status ek_agent_save(ek_agent *agent, const ek_secret *device_key, ek_messages **state, ek_error *error);

/* Seals a value, UTF-8 of at most 4,095 bytes, as a token of the EK_TOKEN_FIELD_... (section 14.1). Equal values of
 * an account, epoch and field give equal tokens. A token has at most 4,120 bytes. */
ek_status ek_agent_seal_token(ek_agent *agent, uint8_t field, ek_bytes value, uint64_t now, ek_buffer *token,
                              ek_error *error);

/* The same in text form (section 14.3): at most 5,499 ASCII characters. */
ek_status ek_agent_seal_token_text(ek_agent *agent, uint8_t field, ek_bytes value, uint64_t now, ek_buffer *text,
                                   ek_error *error);

/* Seals many values, which takes a fraction of the time. The tokens are written back to back; the token of values[i]
 * ends at ends[i], of which there are `count`. The first value that is refused fails all. */
ek_status ek_agent_seal_tokens(ek_agent *agent, uint8_t field, const ek_bytes *values, size_t count, uint64_t now,
                               ek_buffer *tokens, size_t *ends, ek_error *error);

/* Seals a recording or text as the EK_BLOB_FIELD_... (section 15). Gives the blob for the service's store of blobs,
 * and its reference for a record. */
ek_status ek_agent_seal_blob(ek_agent *agent, uint8_t field, ek_bytes content, uint64_t now, ek_messages **blob,
                             ek_blob_reference *reference, ek_error *error);

/* ---- Pieces: recordings of any length, in constant memory ---- */

/* The room that a call on a sealer or an opener wants, for `count` bytes that it is given: 17 kB and a thousandth more
 * than they are. One that has less is EK_BUFFER_TOO_SMALL with this number, and has taken nothing. */
size_t ek_piece_room(size_t count);

/* Seals one blob, a piece at a time. */
typedef struct ek_blob_sealer ek_blob_sealer;

/* Begins a blob as the EK_BLOB_FIELD_..., with the agent's current key (section 15). */
ek_status ek_agent_start_blob(const ek_agent *agent, uint8_t field, uint64_t now, ek_blob_sealer **sealer,
                              ek_error *error);

/* Takes the next piece of the content, and gives what of the blob is made: it may be nothing. */
ek_status ek_blob_sealer_update(ek_blob_sealer *sealer, ek_bytes content, ek_buffer *blob, ek_error *error);

/* Gives the rest of the blob, and its reference for a record; from then on EK_NOTHING. */
ek_status ek_blob_sealer_finish(ek_blob_sealer *sealer, ek_buffer *blob, ek_blob_reference *reference,
                                ek_error *error);

/* Wipes and frees, also a sealer that did not finish. */
void ek_blob_sealer_free(ek_blob_sealer *sealer);

/* ---- Spool: what was captured, on the agent's disk until it is sent (sections 13.3, 17) ---- */

/* Makes the frames of one segment. */
typedef struct ek_spool ek_spool;

/* One thing that was captured: an EK_TOKEN_FIELD_... or EK_BLOB_FIELD_..., and what was found there. A name, title or
 * address may be longer than a token's value and ill-formed: it is repaired when it is sealed. */
typedef struct ek_captured {
  uint8_t field;
  ek_bytes content;
} ek_captured;

/* One action: an EK_RECORD_KIND_..., when it began, how many milliseconds it took, and what was captured, in any order,
 * at most one of each field. */
typedef struct ek_capture {
  uint8_t kind;
  uint64_t start;
  uint32_t duration;
  const ek_captured *items;
  size_t item_count;
} ek_capture;

/* Starts a segment under a key of the device key. Each has a number of its own, up to 2^53 - 1. */
ek_status ek_agent_start_spool(const ek_agent *agent, const ek_secret *device_key, uint64_t segment, ek_spool **spool,
                               ek_error *error);

/* The header, with which the segment's file begins. */
ek_status ek_spool_header(const ek_spool *spool, ek_buffer *header, ek_error *error);

/* Something was captured: the next frame, which holds it, to be written behind what the file has. An agent captures
 * from the moment it is pinned, also before it has any key of the account (R-13.1-6). */
ek_status ek_agent_capture(const ek_agent *agent, ek_spool *spool, const ek_capture *capture, ek_messages **frame,
                           ek_error *error);

/* Wipes and frees. */
void ek_spool_free(ek_spool *spool);

/* What could be read of a segment. */
typedef struct ek_recovery ek_recovery;

/* Reads a segment of this agent: every frame that is whole and opens, whatever else is wrong. */
ek_status ek_agent_recover_spool(const ek_agent *agent, const ek_secret *device_key, ek_bytes segment,
                                 ek_recovery **recovery, ek_error *error);

/* Why nothing of the segment was read; EK_NOTHING when it was. */
ek_status ek_recovery_refusal(const ek_recovery *recovery, ek_error *refusal);

/* How many frames opened; 0 for NULL. */
size_t ek_recovery_frame_count(const ek_recovery *recovery);

/* The frame at `index` in their order: its number in the segment, whether it fails to continue the one before
 * (chain_broken), and the Capture that it holds, for ek_records_seal. EK_NOTHING if there is no such frame. */
ek_status ek_recovery_frame(const ek_recovery *recovery, size_t index, uint32_t *number, bool *breaks_chain,
                            ek_buffer *capture, ek_error *error);

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

/* The records of a batch that is to be sent now: tokens and blobs of the newest epoch (section 16.1). */
typedef struct ek_records ek_records;

/* A record whose tokens and blobs were sealed one by one. Tokens are in their binary form. Tokens, and blobs, are in
 * ascending order of their fields, at most one of each. */
typedef struct ek_record {
  uint8_t kind;
  uint64_t start;
  uint32_t duration;
  const ek_bytes *tokens;
  size_t token_count;
  const ek_blob_reference *blobs;
  size_t blob_count;
} ek_record;

/* Begins the records of one batch. */
ek_status ek_agent_start_records(const ek_agent *agent, uint64_t now, ek_records **records, ek_error *error);

/* Makes the next record of a Capture, as ek_recovery_frame gave it, and gives the blobs that it names. */
ek_status ek_records_seal(ek_records *records, ek_bytes capture, ek_messages **blobs, ek_error *error);

/* Adds the next record as it is. */
ek_status ek_records_add(ek_records *records, const ek_record *record, ek_error *error);

/* How many there are; 0 for NULL. */
size_t ek_records_count(const ek_records *records);

/* Wipes and frees. */
void ek_records_free(ek_records *records);

/* Signs records as the agent's next batch. An agent asks the service for the newest AccountState first (R-13.5-4). */
ek_status ek_agent_sign_batch(ek_agent *agent, const ek_records *records, uint64_t now, ek_messages **batch,
                              ek_error *error);

/* Wipes and frees. */
void ek_agent_free(ek_agent *agent);

/* ---- Owner: a person's end, which reads ---- */

/* The end of the owner, who holds the root key, or of a manager, who does not. */
typedef struct ek_owner ek_owner;

/* What the person types. `account_secret` is its text as it was typed, or NULL if there is none. */
typedef struct ek_credentials {
  ek_bytes login_name;
  const ek_secret *password;
  const ek_secret *account_secret;
} ek_credentials;

/* What the service keeps of an account for one person (section 12.7). Of no bytes is what there is none of: the wrap of
 * a manager, a grant, a rule set. */
typedef struct ek_whole {
  ek_bytes person_keys;
  ek_bytes password_wrap;
  ek_bytes account_state;
  ek_bytes grant;
  ek_bytes owner_vault;
  ek_bytes rule_set;
} ek_whole;

/* What the person says before something is signed that no program may sign by itself (section 12.8): any of these
 * together, or 0. */
typedef uint32_t ek_consent;
enum {
  /* What is shown is the newest: at an end that is not confirmed, and each time when the newest state has expired. */
  EK_CONSENT_IS_NEWEST = 1,
  /* The clock is right, though the newest state is more than a day ahead of it. */
  EK_CONSENT_CLOCK_IS_RIGHT = 2,
  /* Publish, though nothing is kept here: at an end without durable storage. */
  EK_CONSENT_WITHOUT_STORAGE = 4
};

/* What a person's end may do (section 10.4). */
enum {
  EK_OWNER_PHASE_ABSENT = 1,
  EK_OWNER_PHASE_LOCKED = 2,
  EK_OWNER_PHASE_OPEN = 3,
  /* Open, and a publication was sent of which nobody knows yet what became of it. */
  EK_OWNER_PHASE_SETTLING = 4
};

/* An end for an account that is to be made, joined or recovered. `is_durable` is whether pins and pending publications
 * are kept through a crash. */
ek_status ek_owner_absent(bool is_durable, ek_owner **owner, ek_error *error);

/* An end for an account that exists. `pins` is what ek_owner_save_pins gave on this device; of no bytes on a fresh
 * device, where `device_key` may be NULL. */
ek_status ek_owner_locked(ek_bytes pins, const ek_secret *device_key, bool is_durable, ek_owner **owner,
                          ek_error *error);

/* An EK_OWNER_PHASE_...; 0 for NULL. */
int32_t ek_owner_phase(const ek_owner *owner);

/* The account that is open or remembered; EK_NOTHING when there is none. */
ek_status ek_owner_account_id(const ek_owner *owner, ek_id *account_id);

/* The person whose end this is; EK_NOTHING when the account is not open. */
ek_status ek_owner_person_id(const ek_owner *owner, ek_id *person_id);

/* Whether this person holds the root key; false when the account is not open, and for NULL. */
bool ek_owner_is_owner(const ek_owner *owner);

/* Whether a root act of this end was lost, so that another must come before any other act; false for NULL. */
bool ek_owner_is_root_due(const ek_owner *owner);

/* The hash of the newest state. Its first 8 hexadecimal digits are shown, and are the same at every honest end.
 * EK_NOTHING when the account was never open here. */
ek_status ek_owner_state_hash(const ek_owner *owner, ek_hash *hash);

/* ---- How an end comes to an account ---- */

/* Makes an account and opens it (section 5). `iterations` are of PBKDF2, 600,000 to 10,000,000; 0 stands for the
 * least. The service keeps batches and blobs for `retention_days`, 7 to 3,650. With `account_secret` a secret is made
 * without which the password opens nothing, and its text is given for the owner to keep; the credentials have none
 * then. NULL for an account without. `recovery_text` is the root key, for paper: it gives authority, not content;
 * whoever finds it takes over the account. */
ek_status ek_owner_create(ek_owner *owner, const ek_credentials *credentials, uint32_t iterations,
                          uint16_t retention_days, uint64_t now, ek_secret **account_secret,
                          ek_secret **recovery_text, ek_messages **messages, ek_error *error);

/* Joins an account as a manager, under the code of ek_owner_make_manager_code. Gives an EnrolmentRequest for the
 * owner, PersonKeys, and what the service knows the login by. */
ek_status ek_owner_join(ek_owner *owner, const ek_secret *code, const ek_credentials *credentials,
                        uint32_t iterations, ek_messages **request, ek_error *error);

/* Recovers an account with the recovery text: another generation under new keys and a new password (section 12.6). The
 * service shows the newest state and vault, and the head of the owner's PersonKeys, of no bytes if there is none.
 * `is_confirmed` is whether the person has confirmed what is shown, and who stays: `persons` by their requests,
 * `members` by their ids, with an EK_GRANT_KIND_... each. */
ek_status ek_owner_recover(ek_owner *owner, const ek_secret *recovery_text, ek_bytes account_state,
                           ek_bytes owner_vault, ek_bytes head, bool is_confirmed, const ek_bytes *persons,
                           size_t person_count, const ek_id *members, const uint8_t *kinds, size_t member_count,
                           const ek_credentials *credentials, uint32_t iterations, uint16_t retention_days,
                           uint64_t now, ek_messages **messages, ek_error *error);

/* ---- Login, and opening ---- */

/* A password that was stretched, once: it proves the login and opens the account. */
typedef struct ek_stretched ek_stretched;

/* What the service is asked by for the head of PersonKeys (section 9.4). */
ek_status ek_credentials_login_id(const ek_credentials *credentials, ek_hash *login_id, ek_error *error);

/* Checks the head of PersonKeys that the service answers, and stretches the password for it: 0.1 to 2 seconds.
 * `is_password_changed` is whether the person says that the password was changed elsewhere. */
ek_status ek_owner_stretch(const ek_owner *owner, const ek_credentials *credentials, ek_bytes head,
                           bool is_password_changed, ek_stretched **stretched, ek_error *error);

/* What is sent to the service to be given the account: 32 bytes, which open nothing. */
ek_status ek_stretched_login_key(const ek_stretched *stretched, ek_secret **login_key, ek_error *error);

/* Wipes and frees. */
void ek_stretched_free(ek_stretched *stretched);

/* Opens an account from what the service gives after the login (section 12.7). `pending` is what ek_owner_save_pending
 * gave, if an interrupted act has left it on this device's disk, and `kept` what ek_owner_keep or ek_kept_after gave
 * last; else of no bytes. Where an owner's end gets what does not open, it opens what it has kept: see
 * ek_owner_is_aside. */
ek_status ek_owner_open(ek_owner *owner, const ek_whole *whole, const ek_stretched *stretched, ek_bytes pending,
                        ek_bytes kept, ek_error *error);

/* What the device keeps of the account on its disk, written before the pins, now that `whole` is open; `before` is what
 * it kept until now, of no bytes at first. Nothing in it is secret. EK_NOTHING where something else is open: then it
 * keeps what it has. */
ek_status ek_owner_keep(const ek_owner *owner, const ek_whole *whole, ek_bytes before, ek_buffer *kept,
                        ek_error *error);

/* What it keeps once the service has stored the publication that ek_owner_save_pending gave. EK_NOTHING where that
 * started from another vault than the one kept. */
ek_status ek_kept_after(ek_bytes kept, ek_bytes pending, ek_buffer *after, ek_error *error);

/* Whether what is open is what this owner's end had kept, since what the service gave does not open: the first finding
 * says why. Only a root act can be made, which replaces what the service has. False for NULL. */
bool ek_owner_is_aside(const ek_owner *owner);

/* How many MasterKeys this owner's end had kept that the account has no more: the next act gives them back. 0 for
 * NULL. */
size_t ek_owner_missing_keys(const ek_owner *owner);

/* How many things did not fit what this device remembered, when the account was opened last; 0 for NULL. The person is
 * told, and the end is no longer confirmed. */
size_t ek_owner_finding_count(const ek_owner *owner);

/* The finding at `index`; EK_OK if there is none. */
ek_status ek_owner_finding(const ek_owner *owner, size_t index);

/* Whether a person has said here that what is shown is the newest; false for NULL. */
bool ek_owner_is_confirmed(const ek_owner *owner);

/* The person says so, after comparing the digits of the state's hash with those of another end. */
ek_status ek_owner_confirm(ek_owner *owner, ek_error *error);

/* Wipes the keys. What the device remembers stays. */
ek_status ek_owner_lock(ek_owner *owner, ek_error *error);

/* What the device remembers of the account, sealed for its disk (section 13.4). */
ek_status ek_owner_save_pins(ek_owner *owner, const ek_secret *device_key, ek_messages **pins, ek_error *error);

/* ---- Publications (section 12.8) ----
 *
 * An act gives messages for the service, and is pending until it is known what became of them: pins and pending
 * publication are written to the disk in one step, then the messages are sent. The service stores all of them, and only
 * if its vault is that of ek_messages_expected. */

/* The pending publication for the device's disk: nothing in it is secret. EK_NOTHING when there is none. */
ek_status ek_owner_save_pending(const ek_owner *owner, ek_buffer *pending, ek_error *error);

/* The service has stored the messages. Pins are written again, and what was saved of the publication goes. */
ek_status ek_owner_stored(ek_owner *owner, ek_error *error);

/* No answer came: the same messages again. */
ek_status ek_owner_send_again(const ek_owner *owner, ek_messages **messages, ek_error *error);

/* What became of a publication that the service did not take. */
enum {
  /* The answer was lost: the service has it. */
  EK_LOSS_STORED = 1,
  /* It was made anew on top of what another end has stored, and is pending again. */
  EK_LOSS_MERGED = 2,
  /* Nothing of the act is kept: it is made again, if it is still wanted. */
  EK_LOSS_DEAD = 3
};

/* The service holds another vault than the publication expects: `whole`, or where that does not open what this end has
 * `kept`, as in ek_owner_open. Gives an EK_LOSS_...; with EK_LOSS_MERGED the messages, of which there are none else. */
ek_status ek_owner_lost(ek_owner *owner, const ek_whole *whole, ek_bytes kept, int32_t *loss, ek_messages **messages,
                        ek_error *error);

/* The person gives the publication up. A root act is followed by another one. */
ek_status ek_owner_discard(ek_owner *owner, ek_error *error);

/* ---- Codes, agents, grants ---- */

/* Makes a code for `uses` computers (section 10.1): an EK_GRANT_KIND_... and an EK_APPROVAL_..., what the persons call
 * it and its computers, and when it ends, 0 for never. The code's text must not travel through the service. Only the
 * owner makes codes of EK_GRANT_KIND_MASTER, whose computers can read; with EK_APPROVAL_AUTOMATIC that is a bad
 * argument. */
ek_status ek_owner_make_code(ek_owner *owner, uint8_t kind, uint8_t approval, uint16_t uses, ek_bytes label,
                             uint64_t expires, ek_consent consent, uint64_t now, ek_secret **code,
                             ek_messages **messages, ek_error *error);

/* Makes a code for one more person who may read and sign. The owner's alone. */
ek_status ek_owner_make_manager_code(ek_owner *owner, ek_bytes label, uint64_t expires, ek_consent consent,
                                     uint64_t now, ek_secret **code, ek_messages **messages, ek_error *error);

/* The id of whoever made an EnrolmentRequest, for a person to compare before it is approved. */
ek_status ek_request_agent_id(ek_bytes request, ek_id *agent_id, ek_error *error);

/* Verifies a computer's request, and notes it as a member (section 10.2). `approved` is the agent that a person let in,
 * NULL for nobody. Once that is stored, ek_owner_make_grants gives it keys. */
ek_status ek_owner_approve(ek_owner *owner, ek_bytes request, const ek_id *approved, ek_consent consent, uint64_t now,
                           ek_messages **messages, ek_error *error);

/* Grants of the newest keys for members who have none, by their requests, of which at most 1,000 are looked at. What is
 * of no member gets none. They are no publication: the service takes them at any time. */
ek_status ek_owner_make_grants(const ek_owner *owner, const ek_bytes *requests, size_t count, ek_consent consent,
                               uint64_t now, ek_messages **grants, ek_error *error);

/* The owner's PasswordWrap, where the service had none that opens; EK_NOTHING where there is nothing to make. */
ek_status ek_owner_make_wrap(const ek_owner *owner, ek_consent consent, uint64_t now, ek_messages **wrap,
                             ek_error *error);

/* A member: its id, EK_MEMBER_STATUS_... and EK_GRANT_KIND_..., the id of the code that it came by, and the number of
 * its last batch that was audited. */
typedef struct ek_member {
  ek_id id;
  uint8_t status;
  uint8_t kind;
  uint8_t code_id[8];
  uint64_t audited_sequence;
} ek_member;

/* Retires members: computers in good order, whose batches were audited (section 12.3). */
ek_status ek_owner_retire(ek_owner *owner, const ek_id *agent_ids, size_t count, ek_consent consent, uint64_t now,
                          ek_messages **messages, ek_error *error);

/* Removes members: stolen or hostile computers. All codes end, and the account goes to the next epoch. Before that the
 * person is asked about every member that came by the same code as one that goes, that has no label, and, where one
 * that goes has EK_GRANT_KIND_MASTER, every one (R-12.3-3). `staying` is those that were shown and stay, as they were
 * shown; EK_APPROVAL_REQUIRED where another one is to be asked about. */
ek_status ek_owner_remove(ek_owner *owner, const ek_id *agent_ids, size_t count, const ek_member *staying,
                          size_t staying_count, ek_consent consent, uint64_t now, ek_messages **messages,
                          ek_error *error);

/* Goes to the next epoch: new keys for everybody who is still there (section 12.2). */
ek_status ek_owner_rotate(ek_owner *owner, ek_consent consent, uint64_t now, ek_messages **messages, ek_error *error);

/* What an end does at its first opening of a day: a state that is old is made anew. EK_NOTHING where none is due. */
ek_status ek_owner_renew(ek_owner *owner, ek_consent consent, uint64_t now, ek_messages **messages, ek_error *error);

/* How many members the vault has; 0 for NULL, and when the account is not open. */
size_t ek_owner_member_count(const ek_owner *owner);

/* The member at `index`, ascending by id, and its label of at most 255 bytes. EK_NOTHING if there is none. */
ek_status ek_owner_member(const ek_owner *owner, size_t index, ek_member *member, ek_buffer *label);

/* Names a member. */
ek_status ek_owner_label_member(ek_owner *owner, const ek_id *agent_id, ek_bytes label, ek_consent consent,
                                uint64_t now, ek_messages **messages, ek_error *error);

/* ---- Persons ---- */

/* A person: the id, an EK_PERSON_ROLE_... and an EK_PERSON_STATUS_.... */
typedef struct ek_person {
  ek_id id;
  uint8_t role;
  uint8_t status;
} ek_person;

/* How many persons the vault has; 0 for NULL, and when the account is not open. */
size_t ek_owner_person_count(const ek_owner *owner);

/* The person at `index`, ascending by id, and the label of at most 255 bytes. EK_NOTHING if there is none. */
ek_status ek_owner_person(const ek_owner *owner, size_t index, ek_person *person, ek_buffer *label);

/* Adds a person on an EnrolmentRequest under a manager's code. `approved` is the id that the owner compared with what
 * the person sees. `staying` is as in ek_owner_repair, and nobody where no root act is due. The owner's alone, as are
 * all acts below but the password. */
ek_status ek_owner_add_person(ek_owner *owner, ek_bytes request, const ek_id *approved, ek_bytes label,
                              const ek_member *staying, size_t staying_count, ek_consent consent, uint64_t now,
                              ek_messages **messages, ek_error *error);

/* Removes persons, and the computers that the owner does not know: another generation and epoch, no codes. `staying` is
 * as in ek_owner_repair. */
ek_status ek_owner_remove_persons(ek_owner *owner, const ek_id *person_ids, size_t person_count,
                                  const ek_id *agent_ids, size_t agent_count, const ek_member *staying,
                                  size_t staying_count, ek_consent consent, uint64_t now, ek_messages **messages,
                                  ek_error *error);

/* Repairs the account: another generation and epoch, no codes, the same persons, without the computers named. The owner
 * is asked about every other member: `staying` is those that were shown and stay, as they were shown;
 * EK_APPROVAL_REQUIRED where there is another one. */
ek_status ek_owner_repair(ek_owner *owner, const ek_id *agent_ids, size_t count, const ek_member *staying,
                          size_t staying_count, ek_consent consent, uint64_t now, ek_messages **messages,
                          ek_error *error);

/* Lists the same persons for longer. */
ek_status ek_owner_renew_certificate(ek_owner *owner, ek_consent consent, uint64_t now, ek_messages **messages,
                                     ek_error *error);

/* Sets this person's new password (section 12.9). */
ek_status ek_owner_change_password(ek_owner *owner, const ek_credentials *credentials, uint32_t iterations,
                                   ek_consent consent, uint64_t now, ek_messages **messages, ek_error *error);

/* For how many days the service keeps batches, and blobs: 7 to 3,650. */
ek_status ek_owner_set_retention(ek_owner *owner, uint16_t retention_days, uint16_t blob_days, ek_consent consent,
                                 uint64_t now, ek_messages **messages, ek_error *error);

/* ---- Reading ---- */

/* A category, an EK_CATEGORY_..., for a value of an EK_TOKEN_FIELD_... (section 16.4). */
typedef struct ek_rule {
  uint8_t field;
  uint8_t category;
  ek_bytes value;
} ek_rule;

/* Replaces all rules, and publishes those whose value was seen in the account's data (section 16.4). */
ek_status ek_owner_set_rules(ek_owner *owner, const ek_rule *rules, size_t count, ek_consent consent, uint64_t now,
                             ek_messages **messages, ek_error *error);

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

/* Audits a member's batches, all that the service gives, in any order: back from where the last audit ended, and on
 * from it (section 16.2). `request` is the member's EnrolmentRequest as the service keeps it, of no bytes if it has
 * none. What is wrong is a finding, no error. Nothing is published: ek_owner_note does that. */
ek_status ek_owner_audit(const ek_owner *owner, const ek_id *agent_id, const ek_bytes *batches, size_t count,
                         ek_bytes request, ek_audit **audit, ek_error *error);

/* How many findings there are; 0 for NULL. */
size_t ek_audit_finding_count(const ek_audit *audit);

/* The finding at `index`: the place of its batch among those given, or SIZE_MAX for a finding of no batch, whose number
 * `sequence` is then; and what is wrong. EK_NOTHING if there is no such finding. */
ek_status ek_audit_finding(const ek_audit *audit, size_t index, size_t *batch, uint64_t *sequence,
                           ek_error *finding);

/* How many tokens the batches that count have, each counted once; 0 for NULL. */
size_t ek_audit_total_count(const ek_audit *audit);

/* The token at `index`, in ascending order of bytes, and its sum in milliseconds (section 16.3). */
ek_status ek_audit_total(const ek_audit *audit, size_t index, ek_buffer *token, uint64_t *milliseconds,
                         ek_error *error);

void ek_audit_free(ek_audit *audit);

/* Notes in the vault how far audits came, each of another member, and which rules' values they saw. */
ek_status ek_owner_note(ek_owner *owner, const ek_audit *const *audits, size_t count, ek_consent consent,
                        uint64_t now, ek_messages **messages, ek_error *error);

/* Batches of a member that the service is to erase before their time, by their numbers and the hashes of the batch
 * before the first, zeros if there is none, and of the last. */
typedef struct ek_erasure {
  ek_id agent_id;
  uint64_t first;
  uint64_t last;
  ek_hash before_hash;
  ek_hash last_hash;
} ek_erasure;

/* Notes in the vault that batches are erased; they must have been audited. The service erases them once this is stored.
 * The owner's alone. */
ek_status ek_owner_erase(ek_owner *owner, const ek_erasure *erasures, size_t count, ek_consent consent, uint64_t now,
                         ek_messages **messages, ek_error *error);

/* Wipes and frees. */
void ek_owner_free(ek_owner *owner);

#ifdef __cplusplus
}
#endif

#endif
