"""The scanner (section 18)."""

from ..mutant import of_module

TOKEN_HEAD = '    read_until("c", Token, head)\n'
MATCH = "        position = start + size\n"
SKIP = "            position += 1\n            continue\n"

MUTANTS = of_module(
    "scanner.py",
    ("scan-tokens-only", "finds no blobs", "if text.startswith((TOKEN_PREFIX, BLOB_PREFIX), position):", "if text.startswith(TOKEN_PREFIX, position):"),
    ("scan-word-starts-only", "finds text forms at the start of words only", "if text.startswith((TOKEN_PREFIX, BLOB_PREFIX), position):", "if text.startswith((TOKEN_PREFIX, BLOB_PREFIX), position) and not text[:position][-1:].isalnum():"),
    ("scan-after-space-only", "finds text forms behind white space only", "if text.startswith((TOKEN_PREFIX, BLOB_PREFIX), position):", "if text.startswith((TOKEN_PREFIX, BLOB_PREFIX), position) and (position == 0 or text[position - 1:position].isspace()):"),
    ("scan-any-case", "finds prefixes in upper case as well", "    while (position := text.find(b\"ek\", position)) >= 0:\n        if text.startswith(", "    text = text.lower()\n    while (position := text.find(b\"ek\", position)) >= 0:\n        if text.startswith("),
    ("scan-skips-run-after-failure", "goes on behind the whole run after a candidate that is skipped", SKIP, "            position = max(run_end, position + 1)\n            continue\n"),
    ("scan-stops-at-failure", "stops at the first candidate that is skipped", SKIP, "            break\n"),
    ("scan-skips-silently", "does not report what it skips", "            skipped.append(Skipped(position, refused.code))\n", ""),
    ("scan-greedy", "takes the whole run for the match", MATCH, "        matches[-1].end = position = max(run_end, start + size)\n"),
    ("scan-behind-run-after-match", "goes on behind the whole run after a match", MATCH, "        position = max(run_end, start + size)\n"),
    ("scan-inside-match", "looks for more inside a match", MATCH, "        position += 1\n"),
    ("scan-first-match-only", "stops at the first match", MATCH, "        break\n"),
    ("scan-run-must-end", "wants a match to end where the run of characters ends", "    if run < size:\n        raise Refused(\"truncated\")\n", "    if run < size:\n        raise Refused(\"truncated\")\n    if run > size:\n        raise Refused(\"bad_base64url\")\n"),
    ("scan-last-bits-unchecked", "does not check the last bits of a match", "    base64url.check_last_bits(text[start:start + size], start)\n", ""),
    ("scan-short-run-unchecked", "does not check that a match is there in full", "    if run < size:\n        raise Refused(\"truncated\")\n", ""),
    ("scan-standard-alphabet", "takes + and / for characters of a run", "text[position] in base64url.VALUES:", "text[position] in (*base64url.VALUES, 43, 47):"),
    ("scan-line-breaks", "reads runs on over line breaks", "text[position] in base64url.VALUES:", "text[position] in (*base64url.VALUES, 10, 13):"),
    ("scan-offset-in-characters", "gives offsets in characters of the text, not in bytes", "        matches.append(Match(kind, position, start + size))\n", "        matches.append(Match(kind, len(text[:position].decode('utf-8', 'ignore')), len(text[:start + size].decode('utf-8', 'ignore'))))\n"),
    ("scan-offset-in-utf-16", "gives offsets in UTF-16 units", "        matches.append(Match(kind, position, start + size))\n", "        matches.append(Match(kind, len(text[:position].decode('utf-8', 'replace').encode('utf-16-le')) // 2, len(text[:start + size].decode('utf-8', 'replace').encode('utf-16-le')) // 2))\n"),
    ("scan-offset-behind-prefix", "reports a skipped candidate behind its prefix", "Skipped(position, refused.code)", "Skipped(start, refused.code)"),
    ("scan-token-version-unchecked", "does not check the version of a token", TOKEN_HEAD, '    head.opaque(1)\n    for row in Token.rows()[1:4]:\n        row.kind.read(head)\n'),
    ("scan-token-fields-unchecked", "does not check field and epoch of a token", TOKEN_HEAD, '    Token.rows()[0].kind.read(head)\n    head.opaque(21)\n'),
    ("scan-token-length-unchecked", "does not check the length of C", '    if length not in TOKEN_SIZES:\n        raise Refused("length_out_of_range")\n    return head.position', "    return head.position"),
    ("scan-token-length-multiple-of-16", "accepts a C of any whole number of blocks", "    if length not in TOKEN_SIZES:\n", "    if length == 0 or length % 16:\n"),
    ("scan-blob-least-unchecked", "does not check the least length of a blob", '    if length < BLOB_TEXT_MIN:\n        raise Refused("length_out_of_range")\n', ""),
    ("scan-blob-most-unchecked", "does not check the greatest length of a blob", '    if length > BLOB_TEXT_MAX:\n        raise Refused("length_out_of_range")\n', ""),
    ("scan-blob-header-unchecked", "does not check the header of a blob", '    read_until("sealed", SealedBlob, head)\n', ""),
    ("scan-token-head-31", "takes 31 characters for the head of a token that is there", "    if run < head_characters:\n", "    if run < head_characters - 1:\n"),
    ("scan-blob-head-32", "wants only 32 characters of a blob before it looks at them", "BLOB_HEAD_CHARACTERS = 60", "BLOB_HEAD_CHARACTERS = 32"),
    ("scan-head-before-run", "says length_out_of_range where the run is too short for a head", "    if run < head_characters:\n        raise Refused(\"truncated\")\n", "    if run < head_characters:\n        raise Refused(\"length_out_of_range\")\n"),
    ("scan-run-not-renewed", "keeps the end of the first run for all later ones", "        if run_end < start:\n", "        if run_end == 0:\n"),
    ("scan-ill-formed-text", "gives up on a text that is not UTF-8", "    position = 0\n    run_end = 0\n", "    position = 0\n    run_end = 0\n    try:\n        text.decode()\n    except UnicodeDecodeError:\n        return [], []\n"),
    ("scan-cut-at-nul", "stops at a zero byte", "    position = 0\n    run_end = 0\n", "    position = 0\n    run_end = 0\n    text = text.partition(b'\\x00')[0]\n"),
    ("scan-code-of-skipped", "reports every skipped candidate as truncated", "Skipped(position, refused.code)", 'Skipped(position, "truncated")'),
)
