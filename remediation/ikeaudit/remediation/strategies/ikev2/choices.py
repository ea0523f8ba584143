"""What the user chooses about the move to IKEv2: crypto suites, second DMVPN clouds, keys, when to clean up.

Crypto suites come by name from ``suites.yaml`` beside this file or from the user's own file of the same layout (ALGO-WEAK).
Second DMVPN clouds are another YAML file of the user's::

    - tunnel: Tunnel10          # the multipoint tunnel on the hubs of the cloud that there is
      new-tunnel: Tunnel20      # on every router; its number becomes network-id and tunnel key
      source: Loopback20        # exists on every router, in the front-door VRF, reachable by the others
      network: 10.20.0.0/24     # of the mask of the old tunnels; host parts are carried over
"""

import re
from ipaddress import IPv4Network
from pathlib import Path
from typing import Literal

import msgspec

from ikeaudit.model.errors import InputError
from ikeaudit.snapshot.yaml_files import read_yaml

DEFAULT_SUITE = "ngfw-compat"
"""The suite of PLAN-IKEV2, which works with and without combined-mode ciphers."""


_OWN = Path(__file__).with_name("suites.yaml")


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


CIPHERS = frozenset({"aes-cbc-128", "aes-cbc-192", "aes-cbc-256", "aes-gcm-128", "aes-gcm-256", "3des", "des"})


HASHES = frozenset({"md5", "sha1", "sha256", "sha384", "sha512"})


GROUPS = frozenset({"1", "2", "5", "14", "15", "16", "19", "20", "21", "24"})


TRANSFORM = re.compile(
    r"esp-(?:(?:aes|gcm|gmac)(?: (?:128|192|256))?|(?:3)?des|null|(?:md5|sha|sha256|sha384|sha512)-hmac)"
    r"|ah-(?:md5|sha|sha256|sha384|sha512)-hmac"
)


class Suite(msgspec.Struct, frozen=True):
    """A crypto suite; algorithms as IOS spells them, in order of preference. ``pfs`` is a group such as ``group20``."""

    name: str
    title: str
    encryption: tuple[str, ...]
    groups: tuple[str, ...]
    transforms: tuple[str, ...]
    integrity: tuple[str, ...] = ()
    prf: tuple[str, ...] = ()
    pfs: str | None = None

    @property
    def combined(self) -> bool:
        """Whether IKE uses a combined-mode cipher."""
        return any("gcm" in cipher for cipher in self.encryption)


def load_suites(path: Path | None = None) -> dict[str, Suite]:
    """The suites of ``path`` by name, the packaged ones by default; :class:`InputError` says what is wrong and where."""
    file = path or _OWN
    document = read_yaml(file, of=" of suites", write="suites the way the documentation of ikev2 shows")
    if not isinstance(document, dict) or not document:
        raise InputError(f"{file}: must hold suites by name, each with title, ike and esp.")
    return {str(name): _suite(f"{file}: suite {name}", str(name), body) for name, body in document.items()}


def find_suite(name: str | None = None, path: Path | None = None) -> Suite:
    """The suite called ``name``: that of ``path`` when given, else a packaged one.

    Without a name it is :data:`DEFAULT_SUITE`, or the only suite of ``path``. Raises :class:`InputError` with the names there
    are.
    """
    suites = load_suites(path)
    if name is None and path is not None and len(suites) == 1:
        return next(iter(suites.values()))
    wanted = name or DEFAULT_SUITE
    if wanted not in suites:
        where = f" in {path}" if path else ""
        raise InputError(f"There is no suite '{wanted}'{where}; choose one of: {', '.join(suites)}.")
    return suites[wanted]


def _suite(where: str, name: str, body: object) -> Suite:
    if not _NAME.fullmatch(name):
        raise InputError(f"{where}: a name has letters, digits, dots, dashes and underscores.")
    top = _fields(where, body, {"title", "ike", "esp"}, optional={"title"})
    ike = _fields(
        f"{where}, ike", top["ike"], {"encryption", "integrity", "prf", "group"}, optional={"integrity", "prf"}
    )
    esp = _fields(f"{where}, esp", top["esp"], {"transforms", "pfs"}, optional={"pfs"})
    suite = Suite(
        name=name,
        title=str(top.get("title", name)),
        encryption=_words(f"{where}, encryption", ike["encryption"], CIPHERS),
        integrity=_words(f"{where}, integrity", ike.get("integrity", []), HASHES),
        prf=_words(f"{where}, prf", ike.get("prf", []), HASHES),
        groups=_words(f"{where}, group", ike["group"], GROUPS),
        transforms=_words(f"{where}, transforms", esp["transforms"], None),
        pfs=str(esp["pfs"]) if esp.get("pfs") else None,
    )
    _complete(where, suite)
    return suite


def _fields(where: str, value: object, names: set[str], *, optional: set[str]) -> dict[str, object]:
    if not isinstance(value, dict) or set(value) - names or names - optional - set(value):
        must, may = ", ".join(sorted(names - optional)), ", ".join(sorted(optional))
        raise InputError(f"{where}: needs the fields {must}; {may} may be left out; there are no others.")
    return {str(key): item for key, item in value.items()}


def _words(where: str, value: object, known: frozenset[str] | None) -> tuple[str, ...]:
    found = [str(item) for item in (value if isinstance(value, list) else [value])]
    for word in found:
        if (word not in known) if known is not None else (TRANSFORM.fullmatch(word) is None):
            choice = f"; choose from {', '.join(sorted(known))}" if known is not None else ""
            raise InputError(f"{where}: IOS has no '{word}' there{choice}.")
    return tuple(found)


def _complete(where: str, suite: Suite) -> None:
    """What IOS itself asks of a proposal (IKEV2-OBJECTS), and of a transform set."""
    if not suite.encryption or not suite.groups:
        raise InputError(f"{where}: a proposal needs at least one encryption and one group.")
    mixed = {"gcm" in cipher for cipher in suite.encryption}
    if len(mixed) > 1:
        raise InputError(f"{where}: aes-gcm and other ciphers do not go into one proposal.")
    if suite.combined and (suite.integrity or not suite.prf):
        raise InputError(f"{where}: aes-gcm needs a prf and takes no integrity.")
    if not suite.combined and not suite.integrity:
        raise InputError(f"{where}: an encryption other than aes-gcm needs an integrity.")
    if not 1 <= len(suite.transforms) <= 4:
        raise InputError(f"{where}: a transform set has one to four transforms.")
    if suite.pfs is not None and suite.pfs.removeprefix("group") not in GROUPS:
        raise InputError(f"{where}: IOS has no 'set pfs {suite.pfs}'.")


_FIELDS = {"tunnel", "new-tunnel", "source", "network"}


class Cloud(msgspec.Struct, frozen=True):
    """A second cloud: beside which tunnel, under which name, from which interface, with which addresses."""

    tunnel: str
    new_tunnel: str
    source: str
    network: IPv4Network

    @property
    def number(self) -> str:
        """The number of the new tunnel."""
        return self.new_tunnel.removeprefix("Tunnel")


def load_clouds(path: Path) -> tuple[Cloud, ...]:
    """The clouds in ``path``; :class:`InputError` says what is wrong and where."""
    document = read_yaml(path, of=" of clouds", write="a list of clouds the way the documentation of ikev2 shows")
    if not isinstance(document, list) or not document:
        raise InputError(f"{path}: must be a list of clouds with {', '.join(sorted(_FIELDS))}.")
    return tuple(_cloud(f"{path}: cloud {number}", entry) for number, entry in enumerate(document, 1))


def _cloud(where: str, entry: object) -> Cloud:
    if not isinstance(entry, dict) or set(entry) != _FIELDS:
        raise InputError(f"{where} must have the fields {', '.join(sorted(_FIELDS))}, and no others.")
    names = {field: str(entry[field]) for field in ("tunnel", "new-tunnel", "source")}
    for field in ("tunnel", "new-tunnel"):
        if re.fullmatch(r"Tunnel\d+", names[field]) is None:
            raise InputError(
                f"{where}: {field} is the full name of an interface, such as Tunnel20, not {names[field]}."
            )
    try:
        network = IPv4Network(str(entry["network"]))
    except ValueError:
        raise InputError(f"{where}: network is an IPv4 network such as 10.20.0.0/24, not {entry['network']}.") from None
    return Cloud(names["tunnel"], names["new-tunnel"], names["source"], network)


Cleanup = Literal["now", "later", "only"]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Choices for one plan.

    ``suite``: the algorithms, None for the packaged default. ``new_keys``: keys made when the plan is applied, in place of
    those of today. ``cleanup``: IKEv1 objects that nothing uses any more go at the end of this plan (``now``), stay
    (``later``), or are all that the plan is about (``only``). ``clouds``: DMVPN clouds that get a second one beside them
    instead of being moved in place.
    """

    suite: Suite | None = None
    new_keys: bool = False
    cleanup: Cleanup = "now"
    clouds: tuple[Cloud, ...] = ()
