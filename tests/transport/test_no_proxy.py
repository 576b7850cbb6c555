"""no_proxy: which hosts need no proxy, and what is said of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Wscli
from wscli.core.dialect import Endpoint
from wscli.core.errors import UsageError
from wscli.transport.dialer import NetworkOptions, chosen_proxy, proxy_description
from wscli.transport.no_proxy import is_exempt
from wscli.transport.urls import parse_websocket_url

LISTS = [
    # no_proxy                              host                      port  exempt
    ("example.com",                         "example.com",            443,  True),
    ("example.com",                         "a.b.example.com",        443,  True),
    ("example.com",                         "badexample.com",         443,  False),
    ("EXAMPLE.com",                         "a.Example.COM",          443,  True),
    (".example.com",                        "a.example.com",          443,  True),
    (".example.com",                        "example.com",            443,  True),
    ("example.com.",                        "a.example.com",          443,  True),
    ("example.com",                         "a.example.com.",         443,  True),
    ("*.example.com",                       "a.example.com",          443,  True),
    ("*.example.com",                       "example.com",            443,  False),
    ("*.example.com.",                      "a.example.com",          443,  True),
    ("stream*.example.com",                 "stream2.example.com",    443,  True),
    ("10.1.*",                              "10.1.2.3",               443,  True),
    ("10.1.*",                              "10.11.2.3",              443,  False),
    ("*",                                   "anything.example",       443,  True),
    (" a.example , b.example ",             "b.example",              443,  True),
    ("a.example b.example\tc.example",      "c.example",              443,  True),
    ("a.example;b.example",                 "b.example",              443,  True),
    (",, ,",                                "b.example",              443,  False),
    ("",                                    "b.example",              443,  False),
    (".",                                   "b.example",              443,  False),
    ("a.example:443",                       "a.example",              443,  True),
    ("a.example:443",                       "b.a.example",            443,  True),
    ("a.example:80",                        "a.example",              443,  False),
    ("*:8080",                              "a.example",              8080, True),
    ("*:8080",                              "a.example",              443,  False),
    ("10.0.0.0/8",                          "10.255.0.1",             443,  True),
    ("10.0.0.0/8",                          "11.0.0.1",               443,  False),
    ("10.1.2.3/8",                          "10.255.0.1",             443,  True),
    ("10.0.0.0/8",                          "ten.example",            443,  False),
    ("10.0.0.0/99",                         "10.0.0.1",               443,  False),
    ("192.0.2.7",                           "192.0.2.7",              443,  True),
    ("192.0.2.7",                           "192.0.2.77",             443,  False),
    ("192.0.2.7:443",                       "192.0.2.7",              443,  True),
    ("192.0.2.7:80",                        "192.0.2.7",              443,  False),
    ("192.0.2.0/24",                        "::ffff:192.0.2.7",       443,  True),
    ("2001:db8::7",                         "2001:db8::7",            443,  True),
    ("2001:DB8:0::7",                       "2001:db8::7",            443,  True),
    ("[2001:db8::7]",                       "2001:db8::7",            443,  True),
    ("[2001:db8::7]:443",                   "2001:db8::7",            443,  True),
    ("[2001:db8::7]:80",                    "2001:db8::7",            443,  False),
    ("2001:db8::/32",                       "2001:db8:9::1",          443,  True),
    ("[2001:db8::]/32",                     "2001:db8:9::1",          443,  True),
    ("[2001:db8::",                         "2001:db8::",             443,  False),
    ("bücher.example",                      "xn--bcher-kva.example",  443,  True),
    ("xn--bcher-kva.example",               "a.xn--bcher-kva.example", 443, True),
    ("☃.example",                           "a.example",              443,  False),
]  # fmt: skip


@pytest.mark.parametrize(("listed", "host", "port", "exempt"), LISTS)
def test_a_list_names_hosts_domains_patterns_addresses_and_networks(
    listed: str, host: str, port: int, exempt: bool
) -> None:
    assert is_exempt(listed, host, port) is exempt


WAYS = [
    # URL                     --proxy           the environment                                             what -v adds
    ("wss://a.example/",      None,             {},                                                         ""),
    ("wss://a.example/",      "http://p:1",     {"https_proxy": "http://q:2"},                              " through the proxy p:1 (--proxy)"),
    ("wss://a.example/",      None,             {"https_proxy": "http://q:2", "all_proxy": "http://r:3"},   " through the proxy q:2 (https_proxy)"),
    ("wss://a.example/",      None,             {"HTTPS_PROXY": "HTTP://me:canary@Q.Example:2"},            " through the proxy q.example:2 (HTTPS_PROXY)"),
    ("ws://a.example/",       None,             {"http_proxy": "q", "https_proxy": "r"},                    " through the proxy q:8080 (http_proxy)"),
    ("ws://a.example/",       None,             {"ALL_PROXY": "http://bücher.example"},                     " through the proxy xn--bcher-kva.example:8080 (ALL_PROXY)"),
    ("wss://a.example/",      None,             {"https_proxy": "http://q:2", "NO_PROXY": "example"},       " without the proxy of https_proxy (NO_PROXY names the host)"),
    ("wss://a.example:444/",  None,             {"https_proxy": "http://q:2", "no_proxy": "a.example:443"}, " through the proxy q:2 (https_proxy)"),
    ("wss://a.example/",      "",               {"https_proxy": "http://q:2"},                              ""),
    ("wss://a.example/",      "http://p:1",     {"no_proxy": "*"},                                          " through the proxy p:1 (--proxy)"),
    ("ws://[::1]/",           None,             {"http_proxy": "http://q:2"},                               ""),
    ("ws://localhost./",      None,             {"http_proxy": "http://q:2"},                               ""),
]  # fmt: skip


@pytest.mark.parametrize(("url", "flag", "env", "description"), WAYS)
def test_the_way_names_the_proxy_and_the_variable(
    url: str, flag: str | None, env: dict[str, str], description: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)

    assert proxy_description(parse_websocket_url(url), Endpoint(url), NetworkOptions(proxy=flag)) == description


def test_a_variable_that_names_no_proxy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "ftp://me:canary@q:2")
    with pytest.raises(UsageError, match="https_proxy: not a proxy: ftp://…") as refused:
        chosen_proxy(parse_websocket_url("wss://a.example/"), Endpoint("wss://a.example/"), NetworkOptions())

    assert "canary" not in refused.value.message


def test_v_and_the_failure_say_which_variable_sent_one_to_which_proxy(wscli: Wscli) -> None:
    ran = wscli("connect", "ws://a.example/", "-v", env={"http_proxy": "http://127.0.0.1:1"})

    assert ran.status == 3
    assert "connecting to ws://a.example/ through the proxy 127.0.0.1:1 (http_proxy)" in ran.err
    assert "cannot connect to the proxy 127.0.0.1:1" in ran.err
    assert "http_proxy sets that proxy; no_proxy=a.example connects without it" in ran.err


@given(
    st.text(st.sampled_from("0123456789abf.:/*[]%,; -üé\u0660"), max_size=30),
    st.sampled_from(["a.example", "10.0.0.1", "::1"]),
)
def test_any_list_is_read(listed: str, host: str) -> None:
    assert is_exempt(listed, host, 443) in (True, False)
