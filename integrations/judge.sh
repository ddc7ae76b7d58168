#!/bin/sh
# Judges a client in continuous integration, with a release of endkey: the action, and the snippets for GitLab and Azure
# in this folder, run this. Ends as `endkey conform` does: 0 all passed, 1 some failed, 2 bad input, 3 no client.
#
# ENDKEY_ARCHIVE  endkey-VERSION-linux-MACHINE.tar.gz: a file, or an https address
# ENDKEY_SHA256   its hash, from SHA256SUMS of the release
# ENDKEY_CLIENT   the client's command line, for sh
# ENDKEY_OPTIONS  options of `endkey conform`, in words (none)
# ENDKEY_REPORT   the folder of report.json, junit.xml, index.html and badge.svg (endkey-report)
set -eu

fail() {
  echo "judge.sh: $1" >&2
  exit 2
}

[ -n "${ENDKEY_CLIENT:-}" ] || fail "ENDKEY_CLIENT: say how the client is started"
[ -n "${ENDKEY_ARCHIVE:-}" ] || fail "ENDKEY_ARCHIVE: name the archive of a release"
[ -n "${ENDKEY_SHA256:-}" ] || fail "ENDKEY_SHA256: give the archive's hash, from SHA256SUMS"
report=${ENDKEY_REPORT:-endkey-report}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
case $ENDKEY_ARCHIVE in
  https://*)
    curl --fail --silent --show-error --location --proto '=https' --output "$folder/endkey.tar.gz" "$ENDKEY_ARCHIVE" ||
      fail "$ENDKEY_ARCHIVE: cannot be fetched"
    ;;
  *://*) fail "$ENDKEY_ARCHIVE: give a file, or an address that begins with https" ;;
  *) cp "$ENDKEY_ARCHIVE" "$folder/endkey.tar.gz" || fail "$ENDKEY_ARCHIVE: cannot be read" ;;
esac
found=$(sha256sum "$folder/endkey.tar.gz" | cut -d ' ' -f 1)
[ "$found" = "$ENDKEY_SHA256" ] || fail "$ENDKEY_ARCHIVE: has the hash $found, not $ENDKEY_SHA256"
mkdir "$folder/endkey"
tar -xzf "$folder/endkey.tar.gz" -C "$folder/endkey" --strip-components 1

status=0
# shellcheck disable=SC2086 # The options are words.
"$folder/endkey/bin/endkey" conform --report "$report" ${ENDKEY_OPTIONS:-} -- \
  sh -c "exec $ENDKEY_CLIENT" >"$folder/told" || status=$?
cat "$folder/told"
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  { echo '```'; cat "$folder/told"; echo '```'; } >>"$GITHUB_STEP_SUMMARY"
fi
exit "$status"
