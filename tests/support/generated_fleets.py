"""Fleets as texts, with a few faults in them, to look at as a whole."""

from __future__ import annotations

from collections.abc import Mapping

from clouds import dual_hub_cloud
from dual_hub import HUBS, hub_text, spoke_name, spoke_text

_WORD = " ip nhrp authentication {}\n ip nhrp network-id 10\n"
_NETWORK = " ip nhrp network-id 10\n"


def hubs_with_faults(routers: int = 200) -> dict[str, str]:
    """Two hubs and their spokes: two spokes have another key, one another transform set, one no key, one is shut down."""
    spokes = routers - len(HUBS)
    texts = {name: hub_text(name, spokes) for name in HUBS}
    texts |= {spoke_name(number): spoke_text(number) for number in range(1, spokes + 1)}
    return _changed(
        texts,
        {
            "S0017": ("spoke-17-sample-key", "spoke-71-sample-key"),
            "S0044": ("spoke-44-sample-key", "spoke-45-sample-key"),
            "S0023": ("esp-aes 256 esp-sha256-hmac", "esp-aes 192 esp-sha-hmac"),
            "S0101": ("  pre-shared-key address 192.0.2.1 key", "  pre-shared-key address 192.0.2.11 key"),
            "S0150": ("interface GigabitEthernet0/0\n", "interface GigabitEthernet0/0\n shutdown\n"),
        },
    )


def cloud_with_faults(spokes: int = 60) -> dict[str, str]:
    """A DMVPN with two hubs: one spoke has another NHRP word, one another tunnel key, one no network-id, one another key."""
    texts = {name: text.replace(_NETWORK, _WORD.format("n3arby")) for name, text in dual_hub_cloud(spokes).items()}
    return _changed(
        texts,
        {
            "S05": (_WORD.format("n3arby"), _WORD.format("nearby")),
            "S09": (" tunnel key 10\n", " tunnel key 100\n"),
            "S12": (_NETWORK, ""),
            "S17": ("sample-key-of-a-cloud", "sample-key-of-the-cloud"),
        },
    )


def _changed(texts: dict[str, str], faults: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    for name, (was, now) in faults.items():
        assert was in texts[name], name
        texts[name] = texts[name].replace(was, now)
    return texts
