"""The logs of Cisco's guide to keyring and profile selection (TAC 117259), excerpt by excerpt, without their prefixes."""

from __future__ import annotations

import msgspec

ID_OF_R1 = [
    "ID payload",
    "next-payload : 8",
    "type : 1",
    "address : 192.168.0.1",
    "protocol : 17",
    "port : 500",
    "length : 12",
]
ID_OF_R2 = [line.replace("192.168.0.1", "192.168.0.2") for line in ID_OF_R1]
NAT = ["received payload type 20", "His hash no match - this node outside NAT", "No NAT Found for self or peer"]
SELECTED = [
    "Checking ISAKMP transform 1 against priority 10 policy",
    "encryption 3DES-CBC",
    "hash MD5",
    "default group 2",
    "auth pre-share",
    "life type in seconds",
    "life duration (VPI) of 0x0 0x1 0x51 0x80",
    "atts are acceptable. Next payload is 0",
    "Acceptable atts:actual life: 0",
    "Fill atts in sa life_in_seconds:86400",
    "Returning Actual lifetime: 86400",
    ":Started lifetime timer: 86400.",
]


class Log(msgspec.Struct, frozen=True):
    """What one router printed while ``caller`` called: ``begun`` by the transcript's line at which the excerpt sets in.

    ``cut`` are lines of the transcript that the guide leaves out.
    """

    pair: str
    caller: str
    router: str
    lines: list[str]
    detail: bool = False
    cut: tuple[str, ...] = ()


LOGS = {
    "R1 calls, to MM3": Log(
        "seed", "R1", "R1",
        [
            "IPSEC(sa_request): ,",
            "SA request profile is profile2",
            "Found a peer struct for 192.168.0.2, peer port 500",
            "Locking peer struct 0xF483A970, refcount 1 for isakmp_initiator",
            "local port 500, remote port 500",
            "set new node 0 to QM_IDLE",
            "insert sa successfully sa = F474C2E8",
            "Can not start Aggressive mode, trying Main mode.",
            "Found ADDRESS key in keyring keyring2",
            "constructed NAT-T vendor-rfc3947 ID",
            "Input = IKE_MESG_FROM_IPSEC, IKE_SA_REQ_MM",
            "Old State = IKE_READY New State = IKE_I_MM1",
            "beginning Main Mode exchange",
            "sending packet to 192.168.0.2 my_port 500 peer_port 500 (I) MM_NO_STATE",
            "received packet from 192.168.0.2 dport 500 sport 500 Global (I) MM_NO_STATE",
            "processing SA payload. message ID = 0",
            "processing vendor id payload",
            "vendor ID is NAT-T RFC 3947",
            "Found ADDRESS key in keyring keyring2",
            "local preshared key found",
            "Looking for xauth in profile profile2",
            *SELECTED,
            "sending packet to 192.168.0.2 my_port 500 peer_port 500 (I) MM_SA_SETUP",
        ],
    ),
    "R2 answers, MM3 and MM4": Log(
        "seed", "R1", "R2",
        [
            "received packet from 192.168.0.1 dport 500 sport 500 Global (R) MM_SA_SETUP",
            "processing KE payload. message ID = 0",
            "processing NONCE payload. message ID = 0",
            "found peer pre-shared key matching 192.168.0.1",
            "vendor ID is DPD",
            "speaking to another IOS box!",
            *NAT,
            "sending packet to 192.168.0.1 my_port 500 peer_port 500 (R) MM_KEY_EXCH",
        ],
    ),
    "R1, MM4 and MM5": Log(
        "seed", "R1", "R1",
        [
            "received packet from 192.168.0.2 dport 500 sport 500 Global (I) MM_SA_SETUP",
            "processing KE payload. message ID = 0",
            "processing NONCE payload. message ID = 0",
            "Found ADDRESS key in keyring keyring2",
            *NAT,
            "Send initial contact",
            "SA is doing pre-shared key authentication using id type ID_IPV4_ADDR",
            *ID_OF_R1,
            "Total payload length: 12",
        ],
    ),
    "R2, MM5 and MM6": Log(
        "seed", "R1", "R2",
        [
            "received packet from 192.168.0.1 dport 500 sport 500 Global (R) MM_KEY_EXCH",
            "processing ID payload. message ID = 0",
            *ID_OF_R1,
            "peer matches profile1 profile",
            "Found ADDRESS key in keyring keyring1",
            "processing HASH payload. message ID = 0",
            "processing NOTIFY INITIAL_CONTACT protocol 1",
            "SA authentication status: authenticated",
            "SA has been authenticated with 192.168.0.1",
            "SA authentication status: authenticated",
            "SA is doing pre-shared key authentication using id type ID_IPV4_ADDR",
            *ID_OF_R2,
            "Total payload length: 12",
            "Old State = IKE_R_MM5 New State = IKE_P1_COMPLETE",
        ],
    ),
    "R1, MM6 and quick mode": Log(
        "seed", "R1", "R1",
        [
            "received packet from 192.168.0.2 dport 500 sport 500 Global (I) MM_KEY_EXCH",
            "processing ID payload. message ID = 0",
            *ID_OF_R2,
            "processing HASH payload. message ID = 0",
            "SA authentication status: authenticated",
            "SA has been authenticated with 192.168.0.2",
            "ISAKMP AAA: Accounting is not enabled",
            "Old State = IKE_I_MM6 New State = IKE_P1_COMPLETE",
            "beginning Quick Mode exchange, M-ID of 2816227709",
        ],
    ),
    "R2 calls, MM2": Log(
        "seed", "R2", "R2",
        [
            "received packet from 192.168.0.1 dport 500 sport 500 Global (I) MM_NO_STATE",
            "processing SA payload. message ID = 0",
            "Found ADDRESS key in keyring keyring1",
            "local preshared key found",
            "Looking for xauth in profile profile1",
            *SELECTED,
            "sending packet to 192.168.0.1 my_port 500 peer_port 500 (I) MM_SA_SETUP",
        ],
    ),
    "R1 answers, MM3": Log("seed", "R2", "R1", ["found peer pre-shared key matching 192.168.0.2", *NAT]),
    "R2, MM4 and MM5": Log(
        "seed", "R2", "R2",
        [
            "Found ADDRESS key in keyring keyring1",
            *NAT,
            "SA is doing pre-shared key authentication using id type ID_IPV4_ADDR",
            *ID_OF_R2,
            "Total payload length: 12",
        ],
    ),
    "R1, MM5: the verification fails": Log(
        "seed", "R2", "R1",
        [
            "received packet from 192.168.0.2 dport 500 sport 500 Global (R) MM_KEY_EXCH",
            "processing ID payload. message ID = 0",
            *ID_OF_R2,
            "peer matches profile2 profile",
            "Found ADDRESS key in keyring keyring2",
            "Key not found in keyrings of profile , aborting exchange",
            "FSM action returned error: 2",
        ],
    ),
    "R1, MM5: another key": Log(
        "other key", "R2", "R1",
        [
            "received packet from 192.168.0.2 dport 500 sport 500 Global (R) MM_KEY_EXCH",
            "reserved not zero on ID payload!",
            "%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 192.168.0.2 failed its sanity check or is malformed",
        ],
    ),
    "R1 calls without a profile": Log(
        "no profile", "R1", "R1",
        [
            "Locking peer struct 0xF4803B88, refcount 1 for isakmp_initiator",
            "Can not start Aggressive mode, trying Main mode.",
            "key for 192.168.0.2 not available in default",
            "key for 192.168.0.2 found in keyring1",
            "ISAKMP: Selecting 192.168.0.0,255.255.255.0 as key",
            "key for 192.168.0.2 found in keyring2",
            "ISAKMP: Selecting 192.168.0.2,255.255.255.255 as final key",
            "found peer pre-shared key matching 192.168.0.2",
        ],
        detail=True,
    ),
    "R1 without a profile, MM6": Log(
        "no profile", "R1", "R1",
        [
            "peer matches *none* of the profiles",
            "processing HASH payload. message ID = 0",
            "SA authentication status: authenticated",
            "Input = IKE_MESG_INTERNAL, IKE_PROCESS_COMPLETE",
        ],
        detail=True,
    ),
    "R1 answers, two masks": Log(
        "no profile", "R2", "R1",
        [
            "key for 192.168.0.2 not available in default",
            "key for 192.168.0.2 found in keyring1",
            "ISAKMP: Selecting 192.168.0.0,255.255.255.0 as key",
            "key for 192.168.0.2 found in keyring2",
            "ISAKMP: Selecting 192.168.0.2,255.255.255.255 as final key",
        ],
        detail=True,
    ),
    "R1 calls unbound": Log("unbound", "R1", "R1", ["SA request profile is profile2"]),
    "R2 answers with the wrong profile": Log(
        "wrong profile", "R1", "R2",
        [
            "processing ID payload. message ID = 0",
            *ID_OF_R1,
            "peer matches profile2 profile",
            "key for 192.168.0.1 not available in default",
            "key for 192.168.0.1 found in keyring",
            "ISAKMP: Selecting 192.168.0.1,255.255.255.255 as final key",
            "SA authentication status: authenticated",
            "SA has been authenticated with 192.168.0.1",
            "SA authentication status: authenticated",
            "Old State = IKE_R_MM5 New State = IKE_P1_COMPLETE",
            "Checking IPsec proposal 1",
            "atts are acceptable.",
            "IPSEC(validate_proposal_request): proposal part #1",
            "map_db_check_isakmp_profile profile did not match",
            "Crypto mapdb : proxy_match",
            "map_db_check_isakmp_profile profile did not match",
            "map_db_find_best did not find matching map",
            "IPSEC(ipsec_process_proposal): proxy identities not supported",
            "IPSec policy invalidated proposal with error 32",
            "phase 2 SA policy not acceptable! (local 192.168.0.2 remote 192.168.0.1)",
            "set new node 1993778370 to QM_IDLE",
            "Sending NOTIFY PROPOSAL_NOT_CHOSEN protocol 3",
        ],
        detail=True,
        cut=(
            "Found ADDRESS key in keyring keyring",
            "processing HASH payload. message ID = 0",
            "SA is doing pre-shared key authentication using id type ID_IPV4_ADDR",
            "ID payload",
            "type : 1",
            "address : 192.168.0.2",
        ),
    ),
}  # fmt: skip
