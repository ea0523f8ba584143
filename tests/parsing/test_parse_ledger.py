"""The ledger and the whole: counts, facts about keys, several threads, cost of a byte."""

from __future__ import annotations

import importlib.util
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

from parsed import FINGERPRINTER, clear, config, cut

from ikeaudit.ios.language import COMMANDS
from ikeaudit.model import SecretFacts
from ikeaudit.parsing import bound, parse_configs

ROOT = Path(__file__).resolve().parents[2]


def hub_module() -> ModuleType:
    """``bench/hub.py``, which is no package."""
    spec = importlib.util.spec_from_file_location("hub", ROOT / "bench" / "hub.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["hub"] = module
    spec.loader.exec_module(module)
    return module


def test_counts_of_a_small_configuration_by_hand() -> None:
    parsed = config("""
        hostname R1
        !
        crypto isakmp policy 10
         encr aes
         exit
        crypto isakmp nat keepalive 20
        crypto pki trustpoint TP
         enrollment url http://192.0.2.1:80
        interface Tunnel1
         ip mtu 1400
         tunnel source Loopback0
         tunnel path-mtu-discovery
         tunnel wobble
        router bgp 65000
         neighbor 10.0.0.1 remote-as 65001
        crypto frobnicate
        """)
    # modelled: hostname, policy, encr, trustpoint, interface, tunnel source
    # irrelevant: exit, nat keepalive, enrollment, path-mtu-discovery
    assert (parsed.modelled, parsed.irrelevant) == (6, 4)
    assert parsed.unknown == ((14, f"tunnel {cut('wobble')}"), (17, f"crypto {cut('frobnicate')}"))
    assert parsed.router is not None
    assert [(entry.kind, entry.name) for entry in parsed.router.unknown] == [("interface", "Tunnel1"), ("global", "")]


def test_facts_about_a_token_come_from_the_snapshot() -> None:
    token = clear("sample")
    facts = {token: SecretFacts(6, sample=True)}
    text = f"crypto keyring K\n  pre-shared-key address 10.0.0.1 key 6 <PSK:{token}>\n"
    (parsed,) = parse_configs(text, file="r1.cfg", fingerprinter=FINGERPRINTER, facts=facts)
    assert parsed.router is not None
    secret = parsed.router.keyrings[0].keys[0].secret
    assert (secret.fingerprint, secret.type, secret.facts) == (token, 6, facts[token])


def test_threads_do_not_mix_results() -> None:
    texts = [f"crypto keyring K{n}\n" + "  pre-shared-key address 10.0.0.1 key x\n" * 20 for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(config, texts))
    assert [parsed.router.keyrings[0].name for parsed in found if parsed.router] == [f"K{n}" for n in range(12)]


def test_text_that_is_a_path_is_not_opened() -> None:
    assert config(str(ROOT / "pyproject.toml")).kind == "unreadable"


def test_every_modelled_command_has_a_builder_and_every_builder_a_command() -> None:
    read = {*bound.HEADERS, *bound.STATEMENTS, *bound.GLOBALS, *bound.NEGATED}
    modelled = {
        name
        for name, rows in COMMANDS.items()
        if any(row.bears == "modelled" for row in rows) and not name.startswith("acl-")
    }
    assert modelled <= read
    assert read <= COMMANDS.keys()


def test_a_hub_is_read_whole() -> None:
    hub = hub_module().hub(60)
    parsed = config(hub, "hub.cfg")
    assert parsed.unknown == ()
    router = parsed.router
    assert router is not None
    assert (len(router.keyrings[0].keys), len(router.isakmp_profiles), len(router.ipsec_profiles)) == (60, 60, 60)
    tunnels = [interface.tunnel for interface in router.interfaces if interface.tunnel]
    assert len(tunnels) == 60
    assert [str(tunnel.destination) for tunnel in tunnels] == [str(key.prefix) for key in router.keyrings[0].keys]
    assert not router.truncated
