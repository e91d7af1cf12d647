"""Merkle trees as in RFC 6962, section 2.1. Pure; hashes are bytes.

The two prefixes keep a leaf from passing for a node; a tree of n leaves is split at the largest power of
two below n.
"""

import hashlib
from collections.abc import Sequence

LEAF, NODE = b"\x00", b"\x01"


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes; of no leaves, the hash of nothing."""
    if not leaves:
        return hashlib.sha256().digest()
    level = list(leaves)
    # Pairing neighbours and carrying an odd last one up gives the same tree as splitting from above.
    while len(level) > 1:
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0]


def proof(leaves: Sequence[bytes], index: int) -> list[tuple[str, bytes]]:
    """Return what is joined to leaf `index`, from the bottom up, and on which side of it each stands."""
    path = []
    level = list(leaves)
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(("left" if sibling < index else "right", level[sibling]))
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
        index //= 2
    return path


def root_from(leaf: bytes, path: Sequence[tuple[str, bytes]]) -> bytes:
    """Return the root that a proof leads to."""
    for side, sibling in path:
        leaf = node_hash(sibling, leaf) if side == "left" else node_hash(leaf, sibling)
    return leaf
