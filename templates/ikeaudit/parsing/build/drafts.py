"""The router that is being built: drafts of its objects by name, in the order in which they appear."""

from __future__ import annotations

from typing import Any

import msgspec

from ikeaudit.parsing.build.acls import AccessLists

Draft = dict[str, Any]
"""The fields of an object so far."""


class Drafts(msgspec.Struct, gc=False):
    """One table for each kind of object; ``values`` are the fields of the router itself, ``isakmp`` and ``ikev2`` settings."""

    keyrings: dict[str, Any] = {}
    default_keyring: Draft = {}
    profiles: dict[str, Draft] = {}
    policies: dict[int, Draft] = {}
    peers: dict[tuple[str, str, str | None], Draft] = {}
    groups: dict[str, Draft] = {}
    isakmp: Draft = {}
    transform_sets: dict[str, Draft] = {}
    ipsec_profiles: dict[str, Draft] = {}
    maps: dict[str, Any] = {}
    dynamic_maps: dict[str, Any] = {}
    proposals: dict[str, Draft] = {}
    v2_policies: dict[str, Draft] = {}
    v2_keyrings: dict[str, Any] = {}
    v2_profiles: dict[str, Draft] = {}
    ikev2: Draft = {}
    interfaces: dict[str, Any] = {}
    vrfs: dict[str, None] = {}
    trustpoints: dict[str, None] = {}
    gdoi_groups: dict[str, Draft] = {}
    ezvpn_clients: dict[str, Draft] = {}
    hosts: list[Any] = []
    routes: list[Any] = []
    nat_rules: list[Any] = []
    values: Draft = {}
    lists: AccessLists = msgspec.field(default_factory=AccessLists)
