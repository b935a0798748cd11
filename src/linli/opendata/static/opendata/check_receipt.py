#!/usr/bin/env python3
"""Check a receipt of Linli against a signed head, without trusting the site that issued it.

    python3 check_receipt.py LEAF proof.json heads.json

LEAF is the leaf on the receipt; proof.json comes from /log/proof/LEAF; heads.json is your own copy
of /log/heads.json, better an old one from somebody else. Follows RFC 6962 and RFC 9162, 2.1.3.2.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root to which the path leads from the leaf, or None if the path does not fit."""
    last, node = size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if index % 2 or index == last:
            node = sha256(b"\x01" + step + node).digest()
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            node = sha256(b"\x01" + node + step).digest()
        index, last = index // 2, last // 2
    return node if last == 0 else None


def main(leaf: str, proof_file: str, heads_file: str) -> None:
    """Say whether the leaf is under the head of your own copy; exit with a message if not."""
    proof, heads = (json.loads(Path(name).read_text()) for name in (proof_file, heads_file))
    size = proof["head"]["size"]
    mine = next((h for h in heads["heads"] if h["size"] == size), None)
    path = [bytes.fromhex(step) for step in proof["path"]]
    root = root_of(bytes.fromhex(leaf), proof["index"], size, path)
    if mine is None:
        sys.exit("Your copy of the heads does not have this one: ask for the growth proof, too.")
    if root is None or root.hex() != mine["root"]:
        sys.exit("NOT CONFIRMED: the path does not lead to the signed root.")
    sys.stdout.write(f"Confirmed: entry {proof['index'] + 1} of {size}, root {root.hex()}.\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
