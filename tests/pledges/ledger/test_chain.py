"""The hash of an event and the Merkle tree: against values worked out elsewhere, and their properties."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.ledger import chain, merkle

EVENT: dict[str, Any] = {
    "stream": "pledge:SY-2025-0001",
    "position": 2,
    "kind": "deadline_set",
    "deadline": 1,
    "happened_on": date(2025, 4, 4),
    "recorded_at": datetime(2025, 4, 4, 9, 0, tzinfo=UTC),
    "actor": None,
    "payload": {"phrase": "خلال شهر", "latest": "2025-05-04", "position": 1},
    "prev_hash": "ab" * 32,
}


def test_the_canonical_form_is_written_down_here() -> None:
    """Whoever changes this test changes what every hash of the world means."""
    assert chain.canonical(chain.event_body(**EVENT)).decode() == (
        '{"actor":null,"deadline":1,"happened_on":"2025-04-04","kind":"deadline_set",'
        '"payload":{"latest":"2025-05-04","phrase":"خلال شهر","position":1},"position":2,"prev_hash":"'
        + "ab" * 32
        + '","recorded_at":"2025-04-04T09:00:00.000000Z","stream":"pledge:SY-2025-0001","version":1}'
    )
    form = chain.canonical(chain.event_body(**EVENT))
    assert chain.hash_of(chain.event_body(**EVENT)) == hashlib.sha256(form).hexdigest()


def test_an_instant_has_one_form_in_every_zone() -> None:
    noon = datetime(2025, 4, 4, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=3)))
    assert chain.instant(noon) == chain.instant(noon.astimezone(UTC)) == "2025-04-04T09:00:00.000005Z"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("stream", "pledge:SY-2025-0002"),
        ("position", 3),
        ("kind", "deadline_moved"),
        ("deadline", 2),
        ("deadline", None),
        ("happened_on", date(2025, 4, 5)),
        ("recorded_at", datetime(2025, 4, 4, 9, 0, 0, 1, tzinfo=UTC)),
        ("actor", chain.seal(1, "aa")),
        ("payload", {}),
        ("prev_hash", ""),
    ],
)
def test_every_field_counts(field: str, value: object) -> None:
    before = chain.hash_of(chain.event_body(**EVENT))
    assert chain.hash_of(chain.event_body(**EVENT | {field: value})) != before


def test_a_number_that_json_can_not_carry_is_refused() -> None:
    with pytest.raises(ValueError, match=r".+"):
        chain.canonical({"n": 2**60})


def test_the_seal_tells_nobody_who_it_was_without_its_salt() -> None:
    salt = chain.new_salt()
    assert chain.seal(7, salt) == chain.seal(7, salt) != chain.seal(8, salt)
    assert chain.seal(7, chain.new_salt()) != chain.seal(7, salt)
    assert chain.seal(None, "") is None


# The roots of the first eight test inputs that certificate transparency logs are tested with.
INPUTS = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize(("size", "expected"), ROOTS.items())
def test_roots_are_those_of_rfc_6962(size: int, expected: str) -> None:
    assert merkle.root([merkle.leaf_hash(each) for each in INPUTS[:size]]).hex() == expected


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle.root([]) == hashlib.sha256(b"").digest()


def split_from_above(leaves: list[bytes]) -> bytes:
    """The definition in the RFC, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return merkle.node_hash(split_from_above(leaves[:half]), split_from_above(leaves[half:]))


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=70), st.data())
def test_a_proof_leads_to_the_root_and_only_from_its_leaf(inputs: list[bytes], data: st.DataObject) -> None:
    leaves = [merkle.leaf_hash(each) for each in inputs]
    assert merkle.root(leaves) == split_from_above(leaves)
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = merkle.proof(leaves, index)
    assert merkle.root_from(leaves[index], path) == merkle.root(leaves)
    assert merkle.root_from(merkle.leaf_hash(b"other words"), path) != merkle.root(leaves)


@given(
    st.dictionaries(st.text(), st.text() | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans() | st.none())
)
def test_what_is_hashed_reads_back_as_it_was(value: dict[str, Any]) -> None:
    assert json.loads(chain.canonical(value)) == value
