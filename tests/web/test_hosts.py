"""Which web services may be asked, and which addresses are inside."""

import pytest

from callflow.web.hosts import HostRefused, Origin, is_public, origin_of, read_origin


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("crm.example.com", Origin("https", "crm.example.com", 443)),
        (" CRM.Example.com ", Origin("https", "crm.example.com", 443)),
        ("https://crm.example.com/", Origin("https", "crm.example.com", 443)),
        ("crm.example.com:8443", Origin("https", "crm.example.com", 8443, inside=True)),
        ("http://127.0.0.1:8080", Origin("http", "127.0.0.1", 8080, inside=True)),
        ("http://crm.example.com", Origin("http", "crm.example.com", 80)),
        ("https://[::1]:9443", Origin("https", "::1", 9443, inside=True)),
    ],
)
def test_a_host_is_public_https_unless_it_is_written_otherwise(text: str, origin: Origin) -> None:
    assert read_origin(text) == origin


@pytest.mark.parametrize(
    "text", ["", "*.example.com", "ftp://a.example", "https://a.example/path", "a b", "a.example:99999", "u@a.example"]
)
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(HostRefused, match="should be a host"):
        read_origin(text)


def test_who_is_told_may_be_anywhere() -> None:
    assert origin_of("http://127.0.0.1:9000/events?a=b") == Origin("http", "127.0.0.1", 9000, inside=True)
    assert origin_of("https://u:p@crm.example.com/x") == Origin("https", "crm.example.com", 443, inside=True)
    for text in ("", "crm.example.com", "file:///etc/passwd", "https://", "http://a:b/"):
        with pytest.raises(HostRefused, match="should be the address"):
            origin_of(text)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1", "nobody", "",
    ],
)  # fmt: skip
def test_an_address_inside_is_not_public_whatever_it_is_wrapped_in(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_an_address_of_somebody_else_is_public(address: str) -> None:
    assert is_public(address)
