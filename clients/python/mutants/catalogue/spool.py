"""The spool (section 17)."""

from ..mutant import of_module

CHECK = '    if head[CHECKED_SIZE:] != labelled_hash("frame-check", checked)[:CHECK_SIZE]:\n        return None\n'
ACCOUNT = '    if header.header.account_id != account_id:\n        raise Refused("wrong_account")\n'
AGENT = '    if header.agent_id != agent_id:\n        raise Refused("wrong_recipient")\n'
EPOCH = '    if header.header.epoch != epoch:\n        raise Refused("no_grant")\n'
CHAIN = "        continues = head.index == index and head.previous == previous\n"
NOTE = "        if not continues and not after_damage:\n"
DAMAGE = "            recovered.damage.append(Damage(offset, end - offset, code))\n"

MUTANTS = of_module(
    "spool.py",
    ("spool-account-unchecked", "reads a segment of another account", ACCOUNT, ""),
    ("spool-agent-unchecked", "reads a segment of another agent", AGENT, ""),
    ("spool-epoch-unchecked", "reads a segment of another epoch", EPOCH, ""),
    ("spool-agent-before-account", "looks at the agent before the account", ACCOUNT + AGENT, AGENT + ACCOUNT),
    ("spool-epoch-code", "says epoch_mismatch for a segment of another epoch", EPOCH, EPOCH.replace("no_grant", "epoch_mismatch")),
    ("spool-check-unchecked", "does not verify the check of a frame head", CHECK, ""),
    ("spool-check-first-byte", "compares only the first byte of a frame head's check", CHECK, CHECK.replace('head[CHECKED_SIZE:] != labelled_hash("frame-check", checked)[:CHECK_SIZE]', 'head[CHECKED_SIZE] != labelled_hash("frame-check", checked)[0]')),
    ("spool-check-4-bytes", "compares only four bytes of a frame head's check", CHECK, CHECK.replace("head[CHECKED_SIZE:] !=", "head[CHECKED_SIZE:CHECKED_SIZE + 4] !=").replace("[:CHECK_SIZE]:", "[:4]:")),
    ("spool-check-of-12-bytes", "takes the check over magic, index and length only", CHECK, CHECK.replace('"frame-check", checked', '"frame-check", checked[:12]')),
    ("spool-check-plain-hash", "takes the check without its label", CHECK, CHECK.replace('labelled_hash("frame-check", checked)', "backend.sha256(checked)")),
    ("spool-length-least-unchecked", "does not check the least length of a frame", "    if length < SEALED_MIN:\n        return None\n", ""),
    ("spool-length-least-71", "accepts a frame of 71 bytes", "    if length < SEALED_MIN:\n", "    if length < SEALED_MIN - 1:\n"),
    ("spool-length-most-unchecked", "does not check the greatest length of a frame", "    if length > SEALED_MAX:\n        return None\n", ""),
    ("spool-length-24-bits", "reads the length of a frame in 24 bits", 'length = int.from_bytes(head[8:12], "big")', 'length = int.from_bytes(head[9:12], "big")'),
    ("spool-magic-unchecked", "does not compare the magic of a frame", "    if head[:4] != MAGIC:\n        return None\n", ""),
    ("spool-index-little-endian", "reads the index of a frame in little-endian", 'index = int.from_bytes(head[4:8], "big")', 'index = int.from_bytes(head[4:8], "little")'),
    ("spool-stops-at-damage", "stops at the first damage", "            offset = end\n            after_damage = True\n            continue\n", "            break\n"),
    ("spool-damage-to-the-end", "takes all behind a damage for damaged", "            end = next_whole_head(segment, offset + 1)\n            end = len(segment)", "            end = None\n            end = len(segment)"),
    ("spool-damage-skips-frame", "goes on behind the frame whose seal does not open, by its length", "            end = next_whole_head(segment, offset + 1)\n", "            end = head.end() if whole and head.end() < len(segment) else next_whole_head(segment, offset + 1)\n"),
    ("spool-damage-silent", "does not report damage", DAMAGE, ""),
    ("spool-damage-code", "says bad_frame for every damage", '            code = "frame_open_failed" if whole else "bad_frame"\n', '            code = "bad_frame"\n'),
    ("spool-damage-any-magic", "goes on at the next magic, whatever follows", "        head = read_head(segment, offset)\n        if head is not None and head.end() <= len(segment):\n            return offset\n", "        return offset\n"),
    ("spool-damage-torn-head-too", "goes on at a frame head whose frame is not whole", "        if head is not None and head.end() <= len(segment):\n            return offset\n", "        if head is not None:\n            return offset\n"),
    ("spool-torn-is-damage", "reports a torn end as damage", "        if is_torn(segment, offset, head):\n", "        if False:\n"),
    ("spool-torn-any-rest", "takes every rest of fewer than 52 bytes for torn", "        return MAGIC.startswith(segment[offset:offset + len(MAGIC)])\n", "        return True\n"),
    ("spool-torn-first-byte", "compares only the first byte of a torn end with the magic", "        return MAGIC.startswith(segment[offset:offset + len(MAGIC)])\n", "        return MAGIC[:1] == segment[offset:offset + 1]\n"),
    ("spool-torn-whole-magic", "wants the whole magic at a torn end", "        return MAGIC.startswith(segment[offset:offset + len(MAGIC)])\n", "        return MAGIC == segment[offset:offset + len(MAGIC)]\n"),
    ("spool-torn-frame-is-damage", "takes a frame that passes the end for damage", "    return head.end() > len(segment) and next_whole_head(segment, offset + 1) is None", "    return False"),
    ("spool-torn-though-frames-follow", "takes a frame that passes the end for torn, though others follow in it", "    return head.end() > len(segment) and next_whole_head(segment, offset + 1) is None", "    return head.end() > len(segment)"),
    ("spool-torn-bad-head", "takes everything without a right frame head for torn", "    if head is None:\n        return False\n", "    if head is None:\n        return next_whole_head(segment, offset + 1) is None\n"),
    ("spool-torn-fails", "gives no payloads of a segment with a torn end", "            recovered.torn = offset\n", "            recovered.torn = offset\n            recovered.payloads.clear()\n"),
    ("spool-chain-unchecked", "does not check chain and index", NOTE, "        if False:\n"),
    ("spool-chain-index-only", "checks the index of frames alone", CHAIN, "        continues = head.index == index\n"),
    ("spool-chain-hash-only", "checks the chain of frames alone", CHAIN, "        continues = head.previous == previous\n"),
    ("spool-chain-ascending", "accepts every greater index", CHAIN, CHAIN.replace("head.index == index", "head.index >= index")),
    ("spool-chain-drops", "drops a payload that breaks the chain", "            recovered.notes.append(Note(offset, \"chain_broken\"))\n", "            recovered.notes.append(Note(offset, \"chain_broken\"))\n            recovered.payloads.append(b'')\n            recovered.payloads.pop()\n            offset = head.end()\n            continue\n"),
    ("spool-chain-noted-after-damage", "notes a broken chain behind damage as well", NOTE, "        if not continues:\n"),
    ("spool-chain-never-after-damage", "notes nothing any more once there was damage", "        after_damage = False\n    return", "    return"),
    ("spool-chain-first-frame", "does not hold the first frame against the header", CHAIN, "        continues = head.index == index and (index == 0 or head.previous == previous)\n"),
    ("spool-chain-of-sealed", "chains frames by the hash of the sealed part", "        previous = backend.sha256(segment[offset:head.end()])\n", "        previous = backend.sha256(segment[offset + HEAD_SIZE:head.end()])\n"),
    ("spool-chain-of-head", "chains frames by the hash of the head", "        previous = backend.sha256(segment[offset:head.end()])\n", "        previous = backend.sha256(segment[offset:offset + HEAD_SIZE])\n"),
    ("spool-index-counted", "counts frames instead of going on from their index", "        index = head.index + 1\n", "        index += 1\n"),
    ("spool-context-header-only", "opens frames with the header alone for context", "    context = segment[:spool_header.SIZE] + head.checked\n", "    context = segment[:spool_header.SIZE]\n"),
    ("spool-context-head-only", "opens frames with their head alone for context", "    context = segment[:spool_header.SIZE] + head.checked\n", "    context = head.checked\n"),
    ("spool-context-with-check", "counts the check to the context of frames", "    context = segment[:spool_header.SIZE] + head.checked\n", "    context = segment[:spool_header.SIZE] + segment[head.offset:head.offset + HEAD_SIZE]\n"),
    ("spool-key-is-blob-key", "opens frames under Kblob", "    key = keys.spool_key(agent_key, account_id, epoch, agent_id)\n", "    key = keys.blob_key(agent_key, account_id, epoch, agent_id)\n"),
)
