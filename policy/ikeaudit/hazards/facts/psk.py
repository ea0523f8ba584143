"""Every pre-shared key of a router, wherever it stands, with what it is for."""

import msgspec

from ikeaudit.model import DEFAULT_KEYRING, Prefix, Router, Secret


class Psk(msgspec.Struct, frozen=True):
    """A key with its place: ``owner`` is its keyring or block, ``target`` the peer it is for, as written."""

    secret: Secret
    line: int
    owner: str
    target: str
    prefixes: tuple[Prefix, ...] = ()
    ike_version: int = 1
    vrf: str | None = None

    @property
    def for_many(self) -> bool:
        """Whether callers from more than one address may use it: only for one host the address has to be right as well."""
        return not self.prefixes or any(not prefix.is_host for prefix in self.prefixes)

    @property
    def place(self) -> str:
        """``10.0.0.2 in keyring K1``."""
        return f"{self.target} in {self.owner}"


def psks(router: Router) -> tuple[Psk, ...]:
    """Global keys, keyrings, aggressive-mode passwords, then IKEv2 keyrings and inline keys."""
    found: list[Psk] = []
    for keyring in (router.default_keyring, *router.keyrings):
        owner = "the global keys" if keyring.name == DEFAULT_KEYRING else f"keyring {keyring.name}"
        for key in keyring.keys:
            prefixes = (key.prefix,) if key.prefix is not None else ()
            target = str(key.prefix) if key.prefix is not None else f"host {key.hostname}"
            found.append(Psk(key.secret, key.line, owner, target, prefixes, 1, keyring.vrf))
    for peer in router.isakmp.peers:
        if peer.password is not None:
            target = str(peer.address or peer.hostname)
            prefixes = (Prefix.of(peer.address),) if peer.address is not None else ()
            found.append(Psk(peer.password, peer.line, "crypto isakmp peer", target, prefixes, 1, peer.vrf))
    return (*found, *_ikev2(router))


def _ikev2(router: Router) -> list[Psk]:
    found: list[Psk] = []
    for keyring in router.ikev2.keyrings:
        for block in keyring.peers:
            secrets = dict.fromkeys(secret for secret in (block.local, block.remote) if secret is not None)
            owner = f"ikev2 keyring {keyring.name} peer {block.name}"
            target = ", ".join(str(prefix) for prefix in block.addresses) or block.hostname or block.name
            found += [Psk(secret, block.line, owner, target, block.addresses, 2) for secret in secrets]
    for profile in router.ikev2.profiles:
        inline = {auth.key: auth.line for auth in (*profile.local_auth, *profile.remote_auth) if auth.key is not None}
        for secret, line in inline.items():
            found.append(Psk(secret, line, f"ikev2 profile {profile.name}", "its peers", (), 2))
    return found
