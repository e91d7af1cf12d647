"""Verifies a copy of the public record offline. Needs Python 3.8 or newer and nothing else.

    python3 verify_dump.py DIR                        check everything that is in the copy
    python3 verify_dump.py DIR --pledge SY-2025-0001  and show that this pledge is in the last checkpoint
    python3 verify_dump.py DIR --against OLD.json     and that the record only grew since this checkpoint

OLD.json is a checkpoint that you kept: a line of an earlier copy's checkpoints.jsonl, or the file that the
page of a checkpoint offers. Exit code 0: nothing that is here was altered; 1: something was, or is missing,
and it is named; 2: the copy can't be read, or the call is wrong.

DIR holds events.jsonl, checkpoints.jsonl, leaves.jsonl and withheld.jsonl. The last one names the streams
that were public once and are not now: nothing of them is here, so nothing that they said is checked. The
hash of an event or checkpoint is the SHA-256 of its RFC 8785 JSON without the member "hash". A checkpoint's
root is the Merkle tree hash of RFC 6962 over the heads of all streams, sorted by the name of the stream.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Dict, List, Tuple

Entry = Dict[str, Any]
# What a leaf is joined with on the way up, and on which side that stands.
Proof = List[Tuple[str, bytes]]
# The hash of an event, by stream and number.
Hashes = Dict[Tuple[str, int], str]
# The last event of a stream, by stream: its number and its hash.
Heads = Dict[str, Tuple[int, str]]
EVENT = {"stream": str, "position": int, "prev_hash": str, "hash": str}
LEAF = {"since": int, "stream": str, "position": int, "head": str}
STREAM: Dict[str, type] = {"stream": str}
CHECKPOINT = {"number": int, "size": int, "root": str, "prev_hash": str, "hash": str}
WITHHELD = {"stream", "position", "prev_hash", "hash", "withheld"}


class UnreadableError(Exception):
    """The copy is not what it should be, so that nothing can be said about it."""


def canonical(value: Any) -> str:  # noqa: ANN401  (JSON has no narrower name)
    """Return RFC 8785 JSON. The record holds no fractions, so none are written."""
    if isinstance(value, dict):
        # Names are sorted by their UTF-16 code units.
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, float) or (isinstance(value, int) and abs(value) >= 2**53):
        raise UnreadableError(f"a number that the record can't hold: {value}")
    return json.dumps(value, ensure_ascii=False)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def hash_of(entry: Entry) -> str:
    body = {name: value for name, value in entry.items() if name != "hash"}
    return sha256(canonical(body).encode()).hex()


def leaf_hash(stream: str, position: int, head: str) -> bytes:
    data = canonical({"stream": stream, "position": position, "head": head}).encode()
    return sha256(b"\x00" + data)


def next_level(level: list[bytes]) -> list[bytes]:
    pairs = range(0, len(level) - 1, 2)
    joined = [sha256(b"\x01" + level[i] + level[i + 1]) for i in pairs]
    return joined + level[len(level) - len(level) % 2 :]


def root_of(leaves: list[bytes]) -> str:
    if not leaves:
        return sha256(b"").hex()
    level = list(leaves)
    while len(level) > 1:
        level = next_level(level)
    return level[0].hex()


def proof_of(leaves: list[bytes], index: int) -> Proof:
    """Return what leaf `index` is joined with on the way up, and on which side it stands."""
    path: Proof = []
    level = list(leaves)
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(("left" if sibling < index else "right", level[sibling]))
        level = next_level(level)
        index //= 2
    return path


def root_from(leaf: bytes, path: Proof) -> str:
    for side, sibling in path:
        leaf = sha256(b"\x01" + (sibling + leaf if side == "left" else leaf + sibling))
    return leaf.hex()


def distinct(pairs: list[tuple[str, Any]]) -> Entry:
    """Refuse a name that stands twice: readers see both, and the hash would be that of the last one only."""
    entry: Entry = {}
    for name, value in pairs:
        if name in entry:
            raise ValueError(f"“{name}” stands there twice")
        entry[name] = value
    return entry


def lines(path: Path, members: dict[str, type]) -> Iterator[Entry]:
    """Yield the JSON objects of a file, one a line, each with at least these members."""
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                try:
                    entry = json.loads(line, object_pairs_hook=distinct)
                except ValueError as error:
                    raise UnreadableError(f"{path}, line {number}: {error}") from error
                for name, kind in members.items():
                    if not isinstance(entry, dict) or not isinstance(entry.get(name), kind):
                        raise UnreadableError(f"{path}, line {number}: no “{name}”")
                yield entry
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"{path}: {error}") from error


def check_events(folder: Path, faults: list[str]) -> Hashes:
    """Check every chain; return the hash of each event by stream and number."""
    hashes: Hashes = {}
    broken: set[str] = set()
    last: Heads = {}
    for event in lines(folder / "events.jsonl", EVENT):
        stream, position = event["stream"], event["position"]
        hashes[stream, position] = event["hash"]
        number, digest = last.get(stream, (0, ""))
        last[stream] = position, event["hash"]
        what = ""
        if position != number + 1:
            what = f"event {number + 1} is missing"
        elif event["prev_hash"] != digest:
            what = f"event {position} does not continue the event before it"
        elif event.get("withheld"):
            what = "" if set(event) == WITHHELD else f"event {position} is half withheld"
        elif hash_of(event) != event["hash"]:
            what = f"event {position} was altered: its hash does not fit what it says"
        if what and stream not in broken:
            broken.add(stream)
            faults.append(f"{stream}: {what}")
    return hashes


def check_checkpoints(folder: Path, hashes: Hashes, faults: list[str]) -> tuple[list[Entry], Heads]:
    """Check every checkpoint; return all of them, and the heads that the last one committed to."""
    moved: dict[int, list[Entry]] = {}
    for leaf in lines(folder / "leaves.jsonl", LEAF):
        moved.setdefault(leaf["since"], []).append(leaf)
    checkpoints: list[Entry] = []
    heads: Heads = {}
    for checkpoint in lines(folder / "checkpoints.jsonl", CHECKPOINT):
        number = checkpoint["number"]
        for leaf in moved.pop(number, []):
            heads[leaf["stream"]] = leaf["position"], leaf["head"]
            check_leaf(leaf, hashes, faults)
        what = wrong_with(checkpoint, checkpoints, heads)
        if what:
            faults.append(f"checkpoint {number}: {what}")
        checkpoints.append(checkpoint)
    faults.extend(f"checkpoint {number} is missing, though it committed to heads" for number in sorted(moved))
    return checkpoints, heads


def wrong_with(checkpoint: Entry, before: list[Entry], heads: Heads) -> str:
    number, prev_hash = (before[-1]["number"], before[-1]["hash"]) if before else (0, "")
    if checkpoint["number"] != number + 1:
        return f"checkpoint {number + 1} is missing before it"
    if checkpoint["prev_hash"] != prev_hash:
        return "it does not continue the checkpoint before it"
    if hash_of(checkpoint) != checkpoint["hash"]:
        return "altered: its hash does not fit what it says"
    if (checkpoint["size"], checkpoint["root"]) != (len(heads), root_of(tree(heads))):
        return "the heads that it committed to give another root"
    return ""


def check_leaf(leaf: Entry, hashes: Hashes, faults: list[str]) -> None:
    """A stream that is in the copy must hold what was committed; one that is withheld can't be checked."""
    stream, position = leaf["stream"], leaf["position"]
    found = hashes.get((stream, position))
    if found is None and (stream, 1) in hashes:
        faults.append(f"{stream}: event {position} is missing since checkpoint {leaf['since']}")
    elif found is not None and found != leaf["head"]:
        faults.append(f"{stream}: event {position} was rewritten since checkpoint {leaf['since']}")


def check_withheld(folder: Path, present: set[str], heads: Heads, faults: list[str]) -> set[str]:
    """Return the streams that are withheld. One that isn't here must be, or somebody has taken it out."""
    withheld = {line["stream"] for line in lines(folder / "withheld.jsonl", STREAM)}
    missing = sorted(set(heads) - present - withheld)
    faults.extend(
        f"{each}: missing, though checkpoints committed to it and it is not withheld" for each in missing
    )
    faults.extend(f"{stream}: withheld, though it is here" for stream in sorted(withheld & present))
    return withheld - present


def tree(heads: Heads) -> list[bytes]:
    return [leaf_hash(stream, *heads[stream]) for stream in sorted(heads)]


def check_growth(old_path: Path, checkpoints: list[Entry], faults: list[str]) -> None:
    """The checkpoint that a reader kept must stand in the copy as it was."""
    old = next(lines(old_path, CHECKPOINT), None)
    if old is None:
        raise UnreadableError(f"{old_path}: no checkpoint")
    if hash_of(old) != old["hash"]:
        raise UnreadableError(f"{old_path}: this checkpoint is damaged, its hash does not fit")
    now = {each["number"]: each for each in checkpoints}.get(old["number"])
    if now is None:
        faults.append(f"checkpoint {old['number']} was dropped: the copy ends before it")
    elif now["hash"] != old["hash"]:
        faults.append(f"checkpoint {old['number']} was rewritten: it is not the one that you kept")
    else:
        print(f"The record has only grown since checkpoint {old['number']}.")


def show_proof(
    reference: str, present: set[str], checkpoints: list[Entry], heads: Heads, faults: list[str]
) -> None:
    """Print how the last checkpoint contains one pledge, and check it."""
    stream = f"pledge:{reference}"
    if stream not in present:
        faults.append(f"{reference} is not in this copy")
        return
    if stream not in heads or not checkpoints:
        faults.append(f"{reference} is in no checkpoint")
        return
    leaf = leaf_hash(stream, *heads[stream])
    path = proof_of(tree(heads), sorted(heads).index(stream))
    print(f"{reference}: event {heads[stream][0]} has the hash {heads[stream][1]}")
    print(f"  leaf  {leaf.hex()}")
    for side, sibling in path:
        print(f"  {side:5} {sibling.hex()}")
    print(f"  root  {root_from(leaf, path)}")
    if root_from(leaf, path) == checkpoints[-1]["root"]:
        print(f"  This is the root of checkpoint {checkpoints[-1]['number']}.")
    else:
        faults.append(f"{reference}: its proof does not lead to the root of the last checkpoint")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Verify a copy of the public record, offline.")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument(
        "--pledge", metavar="REFERENCE", help="show that this pledge is in the last checkpoint"
    )
    parser.add_argument("--against", type=Path, metavar="OLD.json", help="a checkpoint that you kept")
    options = parser.parse_args(arguments)
    faults: list[str] = []
    try:
        hashes = check_events(options.folder, faults)
        checkpoints, heads = check_checkpoints(options.folder, hashes, faults)
        present = {stream for stream, _position in hashes}
        withheld = check_withheld(options.folder, present, heads, faults)
        if options.against:
            check_growth(options.against, checkpoints, faults)
        if options.pledge:
            show_proof(options.pledge, present, checkpoints, heads, faults)
    except UnreadableError as error:
        print(f"This can't be read: {error}", file=sys.stderr)
        return 2
    for line in faults + [f"{stream}: withheld, so that it was not checked" for stream in sorted(withheld)]:
        print(line)
    print(
        f"{len(hashes)} events in {len(present)} streams, {len(checkpoints)} checkpoints: "
        + (f"{len(faults)} faults" if faults else "nothing was altered in what is here")
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
