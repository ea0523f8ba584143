"""Pages of notes are reported as such; several routers in one file, with comments between them, are not notes."""

import pytest
from parsed import config, configs

R1 = "hostname R1\ncrypto keyring A\n  pre-shared-key address 10.0.0.2 key x\n"
R2 = "hostname R2\ncrypto keyring B\n  pre-shared-key address 10.0.0.1 key x\n"
RING = "crypto keyring A\n  pre-shared-key address 10.0.0.2 key x\n"

FENCED = f"# Lab 4\n\nThe left router:\n\n```cisco\n{R1}```\n\nThe right router:\n\n```\n{R2}```\n"
FENCED_WITHOUT_PROSE = f"## Left\n```\n{RING}```\n## Right\n~~~\n{RING}~~~\n"
UNCLOSED = f"## Left\n```\n{RING}\n## Right\n```py\n{RING}```\n"
DIRECTIVE = (
    "Hub\n===\n\n.. code-block:: none\n\n  crypto keyring A\n   pre-shared-key address 10.0.0.2 key x\n\nSee below.\n"
)
HEADINGS = "# Phase 1\n\ncrypto isakmp policy 10\n authentication pre-share\n\n# Keys\n\ncrypto isakmp key x address 10.0.0.2\n"
PROSE = (
    "The hub needs a key for each of the spokes that may call it.\n"
    "It is set in global configuration mode, before the profile refers to it.\n"
    "crypto isakmp key x address 10.0.0.2\n"
    "After that the tunnel interface is protected with an IPsec profile.\n"
    "- the transform set must agree on both ends\n"
    "- the tunnel source must be reachable\n"
    "interface Tunnel1\n tunnel source 10.0.0.1\n"
)
RUSSIAN = (
    "Сначала настраиваем ключ на центральном маршрутизаторе.\nПотом создаём профиль и привязываем его к туннелю.\n"
    "crypto isakmp key x address 10.0.0.2\nАдрес источника должен быть доступен.\nПроверяем состояние туннеля.\n"
)
LITERAL = f"Hub\n===\n\n::\n\n  {RING}\nThen the other one.\n"
LISTING = f"= Guide\n\n== Hub\n\n[source,cisco]\n----\n{RING}----\n\nAnd the spoke:\n\n----\n{RING}----\n"
PREFORMATTED = f"== Hub ==\nIt gets this:\n<pre>\n{RING}</pre>\n"
HTML = f"<!DOCTYPE html>\n<html><body><pre>\n{RING}</pre></body></html>\n"
DRAWN = (
    "Step 1\n------\n\nConfigure the key on both routers, first on the left one:\n\n"
    "    R1(config)# crypto isakmp key x address 10.0.0.2\n\nStep 2\n------\n\n"
    "    R2(config)# crypto isakmp key x address 10.0.0.1\n"
)
WITH_VYOS = (
    "Peers\n=====\n\n.. code-block:: none\n\n  set vpn ipsec interface eth0\n  set interfaces tunnel tun0 mtu 1400\n"
    "  set protocols static route 0.0.0.0/0 next-hop 10.0.0.9\n\nCisco:\n\n.. code-block:: none\n\n  crypto keyring A\n"
    "   pre-shared-key address 10.0.0.2 key x\n"
)


@pytest.mark.parametrize(
    ("text", "kind", "unread"),
    [
        (FENCED, "Markdown", 6),
        (FENCED_WITHOUT_PROSE, "Markdown", 4),
        (UNCLOSED, "Markdown", 4),
        (DIRECTIVE, "reStructuredText", 2),
        (HEADINGS, "Markdown", 3),
        (PROSE, "prose", 3),
        (RUSSIAN, "prose", 1),
        (WITH_VYOS, "reStructuredText", 2),
        (LITERAL, "reStructuredText", 2),
        (LISTING, "AsciiDoc", 4),
        (PREFORMATTED, "HTML", 2),
        (HTML, "HTML", 2),
        (DRAWN, "prose", 2),
    ],
    ids=[
        *(
            "fenced",
            "fenced, headings only",
            "unclosed",
            "rst",
            "headings",
            "prose",
            "russian",
            "two systems",
            "literal",
        ),
        *("asciidoc", "preformatted", "html", "drawn headings"),
    ],
)
def test_a_page_of_notes_is_not_read_as_a_router(text: str, kind: str, unread: int) -> None:
    parsed = config(text, "lab/page.txt")
    assert (parsed.kind, parsed.router, parsed.host, parsed.unread) == ("not-ios", None, "page", unread)
    assert parsed.reason == (
        f"it is a page of notes ({kind}) with configuration in it; give each router's configuration as a file of its own,"
        " with its hostname line"
    )


@pytest.mark.parametrize(
    "text",
    [
        f"! Left router\n{R1}end\n! Right router, see the drawing\n{R2}end\n",
        f"### LEFT ###\n\nen\nconf t\n{R1}do wr\n\n### RIGHT ###\n\nen\nconf t\n{R2}do wr\n",
        f"# Left\n{R1}# Right\n{R2}",
        f"{R1}!\n! ---- next device ----\n!\n{R2}",
        f"```\n{R1}```\n\n```\n{R2}```\n",
        f"{R1}banner motd ^C\n```\nThis router belongs to the company and is for its own staff only.\n```\n^C\n{R2}",
    ],
    ids=["comments", "rules", "headings and host names", "page break", "fences alone", "fences in a banner"],
)
def test_several_routers_of_one_file_are_read(text: str) -> None:
    routers = [parsed.router for parsed in configs(text) if parsed.router]
    assert [(router.name, [ring.name for ring in router.keyrings]) for router in routers] == [
        ("R1", ["A"]),
        ("R2", ["B"]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"```\n{RING}```\n",
        f"<pre><code>\n{RING}</code></pre>\n",
        f"{RING}```\n",
        f"# one comment\n{RING}",
        f"#RANCID-CONTENT-TYPE: cisco\n#\n{RING}",
        "R1#conf t\nEnter configuration commands, one per line.  End with CNTL/Z.\nR1(config)#crypto keyring A\n"
        "R1(conf-keyring)#pre-shared-key address 10.0.0.2 key x\n",
        "banner motd #\nThis system is for the use of authorized users only and nobody else.\n"
        "All that is done on this system may be monitored and recorded by the owner.\n"
        "Whoever uses it agrees to that and will be prosecuted if need be.\n"
        "There is nothing of interest on this router for anybody else.\n#\n" + RING,
        "".join(f"! The {word} sentence of a comment that explains what follows here.\n" for word in "abcdefg") + RING,
        "interface Tunnel1\n description Der Tunnel zur Außenstelle in München über das öffentliche Netz\n" + RING,
    ],
    ids=[
        "one fence",
        "tags alone",
        "a stray fence",
        "one comment",
        "rancid",
        "transcript",
        "banner",
        "comments",
        "description",
    ],
)
def test_configurations_that_are_no_notes(text: str) -> None:
    parsed = config(text)
    assert parsed.router is not None
    assert [ring.name for ring in parsed.router.keyrings] == ["A"]
    assert parsed.unread == 0


def test_code_blocks_of_another_system_are_that_system() -> None:
    text = "# Firewall\n```\nASA Version 9.1\nnameif outside\ntunnel-group 10.0.0.2 type ipsec-l2l\n```\nThat is all.\n"
    assert config(text).reason == "it looks like a Cisco ASA configuration"


def test_a_page_without_configuration_is_nothing_known() -> None:
    text = "# Meeting\n\nThe tunnel was down again, and nobody knows why.\n\n```\nping 10.0.0.2\n```\n"
    assert config(text).reason == "no IOS configuration was recognised in it"
