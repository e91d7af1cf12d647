"""Which addresses end in one mailbox."""

import pytest

from tracker.alerts.addresses import mailbox


@pytest.mark.parametrize(
    ("address", "is_in"),
    [
        ("ada@ngo.example", "ada@ngo.example"),
        ("Ada@NGO.example", "ada@ngo.example"),
        (" ada@ngo.example ", "ada@ngo.example"),
        ("ada+news@ngo.example", "ada@ngo.example"),
        ("ada+@ngo.example", "ada@ngo.example"),
        ("ada+news+more@ngo.example", "ada@ngo.example"),
        # Dots are letters, but for one provider with two names.
        ("a.da@ngo.example", "a.da@ngo.example"),
        ("a.da@gmail.com", "ada@gmail.com"),
        ("A.d.a+x.y@GoogleMail.com", "ada@gmail.com"),
        ("a.da@gmail.com.example", "a.da@gmail.com.example"),
        ("a.da@mail.gmail.com", "a.da@mail.gmail.com"),
        # Wide letters are the same name for mail servers.
        ("ada@\uff47mail.com", "ada@gmail.com"),
        ("ada@b\u00fccher.example", "ada@xn--bcher-kva.example"),
        # No tag: whose it would be is not said.
        ("+ada@ngo.example", "+ada@ngo.example"),
        ("+a+b@ngo.example", "+a@ngo.example"),
    ],
)
def test_mailbox(address: str, is_in: str) -> None:
    assert mailbox(address) == is_in


@pytest.mark.parametrize("address", ["", "ada", "@ngo.example", "ada@", "\u0101da@ngo.example", "a@b@c"])
def test_what_is_no_address_is_in_none(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        mailbox(address)
