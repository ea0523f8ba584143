"""What ``ikev2`` must not move, each with the sentence and the lines that say why (DOMAIN 12 B0, 12.1)."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from ikev2_laws import check, moved
from plans import fleet_of

from ikeaudit.remediation.plan import Refusal
from ikeaudit.remediation.strategies.ikev2 import Options, Suite, find_suite
from ikeaudit.remediation.strategies.ikev2.abilities import obstacles

SEED = Path(__file__).parent / "plans" / "a1-seed"
R1 = (SEED / "R1.cfg").read_text(encoding="utf-8")
R2 = (SEED / "R2.cfg").read_text(encoding="utf-8")


def refused(*texts: str, options: Options | None = None) -> tuple[Refusal, ...]:
    """The refusals for a fleet of which nothing is moved."""
    change = check(fleet_of(*texts), options)
    assert not change.plan.steps
    assert change.plan.refusals
    return change.plan.refusals


def cited(refusal: Refusal) -> list[str]:
    return [evidence.text for evidence in refusal.evidence]


def test_peer_without_configuration() -> None:
    (refusal,) = refused(R1)
    assert (refusal.router, refusal.subject) == ("R1", "Tunnel1")
    assert refusal.reason == "The configuration of its peer 192.168.0.2 is not here; both ends must change together."
    assert "tunnel destination 192.168.0.2" in cited(refusal)


def test_peer_that_is_not_to_be_changed() -> None:
    change = moved(fleet_of(R1, R2), hosts=["R1"])
    (refusal,) = change.plan.refusals
    assert refusal.reason == "R2 is not changed by this plan, and all ends of a tunnel change together."
    assert not change.plan.steps


def test_keys_that_differ() -> None:
    (refusal,) = refused(R1, R2.replace("key cisco", "key other"))
    assert refusal.reason.startswith(
        "The key between R1 and R2 cannot be carried over: the two ends hold different keys;"
    )
    assert len([line for line in cited(refusal) if line.startswith("pre-shared-key")]) == 2
    assert {evidence.host for evidence in refusal.evidence} == {"R1", "R2"}


def test_keys_that_cannot_be_compared() -> None:
    (refusal,) = refused(R1, R2.replace("key cisco", "key 6 AAbbCCddEE^ff"))
    assert "encrypted (type 6), so nobody can tell" in refusal.reason


@pytest.mark.parametrize("key", ["key other", "key 6 AAbbCCddEE^ff"])
def test_new_keys_need_no_old_ones(key: str) -> None:
    change = check(fleet_of(R1, R2.replace("key cisco", key)), Options(new_keys=True))
    assert not change.plan.refusals
    needs = {
        (r.name, n.source)
        for r in change.plan.routers
        for n in r.keys
        if "pre-shared-key local" in _line(change, n.token)
    }
    assert needs == {("R1", "generated"), ("R2", "generated")}


def _line(change, token: str) -> str:  # type: ignore[no-untyped-def]
    return "\n".join(line for step in change.plan.steps for line in step.commands if token in line)


def test_a_key_that_depends_on_the_reading() -> None:
    """Unbound, and two keyrings of one address with different keys: IOS documents no order for that."""
    one = R1.replace(" set isakmp-profile profile2\n", "").replace("0.2 key cisco\ncrypto", "0.2 key other\ncrypto", 1)
    refusals = refused(one, R2)
    assert any("it depends on the reading of the rules which key it takes" in r.reason for r in refusals)


def test_local_address_that_is_not_known() -> None:
    ring = "crypto keyring keyring2\n"
    (refusal,) = refused(
        R1.replace(ring, f"{ring}  local-address Dialer1\n").replace(
            "interface Loop", "interface Dialer1\n ip address negotiated\n!\ninterface Loop"
        ),
        R2,
    )
    assert "whether the local-address of its keyring for 192.168.0.2 fits" in refusal.reason


def test_certificates_are_left_alone() -> None:
    refusals = refused(with_certificates(R1), with_certificates(R2), options=Options(new_keys=True))
    assert {r.reason for r in refusals} == {
        "Its key cannot be carried over: it authenticates with certificates, which are left as they are."
    }


def with_certificates(text: str) -> str:
    text = re.sub(r"crypto keyring .*?!\n", "crypto pki trustpoint CA\n!\n", text, count=1, flags=re.DOTALL)
    text = re.sub(r"   keyring \S+\n", "", text)
    return text.replace(" authentication pre-share\n", "")


def test_an_end_that_speaks_ikev2_already() -> None:
    (only,) = [r for r in refused(half_way(R1), R2) if r.router == "R2"]
    assert only.reason == "R1 Tunnel1 speaks IKEv2 already; the other end is half-way through another move."
    assert "set ikev2-profile F" in cited(only)


def half_way(text: str) -> str:
    profile = (
        "crypto ikev2 keyring K\n peer R2\n  address 192.168.0.2\n  pre-shared-key cisco\n !\n!\n"
        "crypto ikev2 profile F\n match identity remote address 192.168.0.2 255.255.255.255\n"
        " authentication remote pre-share\n authentication local pre-share\n keyring local K\n!\n"
    )
    return text.replace("crypto keyring keyring1", profile + "crypto keyring keyring1", 1).replace(
        " set isakmp-profile profile2", " set ikev2-profile F"
    )


def test_an_ikev2_profile_that_matches_the_peer() -> None:
    """DOMAIN U-7: what IOS takes of several matching profiles is not known."""
    profile = (
        "crypto ikev2 profile EVERYBODY\n match identity remote any\n authentication remote pre-share\n"
        " authentication local pre-share\n keyring local K\n!\n"
    )
    (refusal,) = refused(R1.replace("crypto keyring keyring1", profile + "crypto keyring keyring1", 1), R2)
    assert refusal.reason.startswith("The IKEv2 profile EVERYBODY matches its peers already")
    assert cited(refusal) == ["crypto ikev2 profile EVERYBODY", "match identity remote any"]


def test_a_built_in_policy_in_use() -> None:
    """A policy of our own would take the built-in one from the IKEv2 tunnels of the router."""
    extra = (
        "interface Tunnel9\n tunnel source Ethernet0/0\n tunnel destination 192.168.0.9\n"
        " tunnel protection ipsec profile NINE\n!\n"
    )
    profile = "crypto ipsec profile NINE\n set transform-set TS\n set ikev2-profile NINE\n!\n"
    text = R1.replace("interface Loopback0", profile + extra + "interface Loopback0")
    (refusal,) = refused(text, R2)
    assert "Tunnel9 speaks IKEv2 under the built-in default policy" in refusal.reason
    assert "interface Tunnel9" in cited(refusal)


def test_a_release_without_ikev2() -> None:
    (refusal,) = refused("version 12.4\n" + R1, R2)
    assert refusal.reason == "R1 runs release 12.4, and IKEv2 begins with 15.1(1)T and IOS-XE 3.3S."


def test_a_weak_suite_where_it_is_refused() -> None:
    weak = Suite(
        name="weak",
        title="weak",
        encryption=("3des",),
        integrity=("sha1",),
        groups=("5",),
        transforms=("esp-3des", "esp-sha-hmac"),
        pfs="group5",
    )
    (refusal,) = refused("version 17.15\n" + R1, R2, options=Options(suite=weak))
    assert refusal.reason == (
        "Release 17.15 on R1 refuses 3des, group 5, esp-3des, group5 of the suite weak (Field Notice FN72510)."
    )


def test_hardware_without_next_generation_encryption() -> None:
    """DOMAIN 6.5: never on the 7200; the classic suite asks for none of it."""
    fleet = fleet_of("version 15.2\n" + R1, R2)
    router = fleet.router("R1")
    with_platform = msgspec.structs.replace(router, platform="7206VXR")
    (obstacle,) = obstacles(with_platform, find_suite("ngfw-compat"))
    assert obstacle.text.startswith("R1 is of the 7200 series, whose hardware does not do sha384, group 20, group 19")
    assert not obstacles(with_platform, find_suite("classic"))


def test_an_unknown_release_is_a_remark() -> None:
    change = check(fleet_of(R1, R2))
    (remark, *_) = change.plan.steps[0].announce
    assert remark.text == "The release is not known: check that the router has IKEv2 and the algorithms of ngfw-compat."
    assert remark.seconds == 0


def test_gcm_is_a_remark() -> None:
    change = check(fleet_of("version 17.9\n" + R1, "version 17.9\n" + R2), Options(suite=find_suite("cnsa-gcm")))
    assert "may lack aes-gcm for IKEv2" in change.plan.steps[0].announce[0].text


CRYPTO_MAP = Path(__file__).parent / "ikev2" / "b2-seed-as-crypto-map"


def test_a_map_bound_as_a_whole() -> None:
    one, other = ((CRYPTO_MAP / name).read_text(encoding="utf-8") for name in ("R1.cfg", "R2.cfg"))
    bound = one.replace(" set isakmp-profile profile2\n", "").replace(
        "crypto map CM 10 ipsec", "crypto map CM isakmp-profile profile2\ncrypto map CM 10 ipsec"
    )
    (refusal,) = refused(bound, other)
    assert refusal.subject == "crypto map CM 10"
    assert refusal.reason.startswith("The whole crypto map CM is bound to profile profile2")
    assert "crypto map CM isakmp-profile profile2" in cited(refusal)


def test_access_lists_that_are_no_mirror_images() -> None:
    """Down before and down after: a tunnel that the replay does not show up is not moved."""
    one, other = ((CRYPTO_MAP / name).read_text(encoding="utf-8") for name in ("R1.cfg", "R2.cfg"))
    (refusal,) = refused(one, other.replace("192.168.200.0", "192.168.201.0"))
    assert "would be down (proxy-mismatch), not up by IKEv2" in refusal.reason
    assert any(line.startswith("permit ip 192.168.201.0") for line in cited(refusal))


def test_a_tunnel_that_is_shut_down() -> None:
    refusals = refused(R1.replace("interface Tunnel1\n", "interface Tunnel1\n shutdown\n"), R2)
    assert "It is shut down, so no change of it can be proven." in {r.reason for r in refusals}


def test_a_line_that_is_not_understood() -> None:
    text = R1.replace(
        " set isakmp-profile profile2\n", " set isakmp-profile profile2\n set sekurity-association level\n"
    )
    (refusal,) = refused(text, R2)
    assert refusal.reason.startswith("A line that is not understood stands in its way")
    (line,) = cited(refusal)
    assert line == "set sekurity-association level"


def test_a_peer_that_is_a_name() -> None:
    one = (
        (CRYPTO_MAP / "R1.cfg")
        .read_text(encoding="utf-8")
        .replace("set peer 192.168.0.2", "set peer r2.example dynamic")
    )
    refusals = refused(one, (CRYPTO_MAP / "R2.cfg").read_text(encoding="utf-8"))
    assert "Its peer r2.example is a name, whose address is not in the configuration." in {r.reason for r in refusals}


def test_remote_access() -> None:
    text = R1.replace("   keyring keyring2\n", "   keyring keyring2\n   client authentication list USERS\n")
    (refusal,) = refused(text, R2)
    assert refusal.reason == "Its profile profile2 has client authentication: remote access is not moved."


def test_a_hub_with_a_caller_of_another_key() -> None:
    """All members of a cloud move together, so one that cannot move keeps all of them."""
    folder = Path(__file__).parents[1] / "cases" / "dmvpn" / "hub-and-spokes"
    (refusal,) = refused(*(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.cfg"))))
    assert refusal.reason.startswith("The key between HUB and SPOKE2 cannot be carried over")


def test_new_keys_cure_a_caller_of_another_key() -> None:
    folder = Path(__file__).parents[1] / "cases" / "dmvpn" / "hub-and-spokes"
    fleet = fleet_of(*(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.cfg"))))
    change = check(fleet, Options(new_keys=True))
    assert not change.plan.refusals
    tokens = {n.token for r in change.plan.routers for n in r.keys if n.source == "generated"}
    assert len(tokens) == 1, "the members of the cloud share one key, as they did"


def test_every_unproven_router_takes_its_partners_with_it() -> None:
    """A router that is left out because of something else leaves no half of a tunnel behind."""
    change = moved(fleet_of(R1, R2), hosts=["R2"])
    assert not change.plan.steps
    assert {r.router for r in change.plan.refusals} == {"R2"}
