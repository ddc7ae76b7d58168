/* The shortest use of Endkey from C: an account, an agent, and a token that only the owner can read. */
#include <endkey.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the program unless a call succeeded. */
static void check(ek_status status, const ek_error *error) {
  if (status == EK_OK) return;
  fprintf(stderr, "%s: %s (section %s)\n", ek_status_name(status), ek_status_meaning(status), error->section);
  exit(1);
}

static ek_bytes text(const char *text) {
  ek_bytes bytes = {(const uint8_t *)text, strlen(text)};
  return bytes;
}

/* The bytes of the message of a type, in room that the caller frees: what a service would store and give back. */
static ek_buffer stored(const ek_messages *messages, int32_t type) {
  ek_buffer buffer = {NULL, 0, 0};
  for (size_t index = 0; index < ek_messages_count(messages); index++) {
    if (ek_messages_type(messages, index) != type) continue;
    ek_messages_copy(messages, index, &buffer, NULL); /* says how many bytes there are */
    buffer.data = malloc(buffer.count);
    buffer.capacity = buffer.count;
    ek_error error;
    check(ek_messages_copy(messages, index, &buffer, &error), &error);
  }
  return buffer;
}

int main(void) {
  const uint64_t now = 1700000000000; /* milliseconds since 1970-01-01T00:00:00Z */
  ek_error error;

  /* snippet start */
  ek_secret *password, *recovery_text, *code;
  check(ek_secret_from_bytes(text("correct horse"), &password, &error), &error);
  ek_credentials credentials = {text("ana@example.com"), password, NULL};
  ek_owner *owner;
  ek_messages *account, *code_messages, *request, *approval, *grants;
  check(ek_owner_absent(true, &owner, &error), &error);
  check(ek_owner_create(owner, &credentials, 0, 365, now, NULL, &recovery_text, &account, &error), &error);
  check(ek_owner_stored(owner, &error), &error); /* the service has the messages */
  check(ek_owner_make_code(owner, EK_GRANT_KIND_SCOPED, EK_APPROVAL_AUTOMATIC, 1, text(""), 0, 0, now, &code,
                           &code_messages, &error), &error);
  check(ek_owner_stored(owner, &error), &error);

  ek_agent *agent;
  check(ek_agent_create(&agent, &error), &error);
  check(ek_agent_enrol(agent, code, &request, &error), &error); /* for the service, to the owner */
  ek_buffer sent = stored(request, EK_MESSAGE_TYPE_ENROLMENT_REQUEST);
  ek_bytes sent_bytes = {sent.data, sent.count};
  check(ek_owner_approve(owner, sent_bytes, NULL, 0, now, &approval, &error), &error);
  check(ek_owner_stored(owner, &error), &error);
  check(ek_owner_make_grants(owner, &sent_bytes, 1, 0, now, &grants, &error), &error);
  ek_buffer state = stored(account, EK_MESSAGE_TYPE_ACCOUNT_STATE), grant = stored(grants, EK_MESSAGE_TYPE_GRANT);
  ek_bytes state_bytes = {state.data, state.count}, grant_bytes = {grant.data, grant.count};
  check(ek_agent_accept_state(agent, state_bytes, &error), &error); /* from the owner, by the service */
  check(ek_agent_accept_grant(agent, grant_bytes, &error), &error);

  uint8_t token_room[5499], value_room[4095];
  ek_buffer token = {token_room, sizeof token_room, 0}, value = {value_room, sizeof value_room, 0};
  check(ek_agent_seal_token_text(agent, EK_TOKEN_FIELD_WINDOW_TITLE, text("Quarterly report"), now, &token, &error),
        &error);
  ek_bytes token_bytes = {token.data, token.count};
  check(ek_owner_open_token_text(owner, token_bytes, &value, &error), &error);
  printf("%.*s %.*s\n", (int)token.count, (char *)token.data, (int)value.count, (char *)value.data);
  /* snippet end */

  int right = value.count == 16 && memcmp(value.data, "Quarterly report", 16) == 0;
  free(sent.data);
  free(state.data);
  free(grant.data);
  ek_messages_free(account);
  ek_messages_free(code_messages);
  ek_messages_free(request);
  ek_messages_free(approval);
  ek_messages_free(grants);
  ek_secret_free(code);
  ek_secret_free(recovery_text);
  ek_secret_free(password);
  ek_agent_free(agent);
  ek_owner_free(owner);
  return right ? 0 : 1;
}
