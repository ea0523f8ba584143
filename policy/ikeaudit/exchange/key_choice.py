"""Choosing keys in IKEv1, with the debug lines that the choice leaves behind.

The rules are KEY-BOUND, KEY-LPM, KEY-TIE, KEY-DEFAULT-FIRST and KEY-FVRF; C-2, U-1, U-2 and U-8 are why a tie is asked about.
"""

from __future__ import annotations

from collections.abc import Sequence

from ikeaudit.exchange.choices import Option
from ikeaudit.exchange.decisions import blind_decision, ring_decision
from ikeaudit.exchange.run import Run
from ikeaudit.model import IPAddress, IsakmpProfile, Prefix, Router
from ikeaudit.selection import KeyPick, KeySearch, LocalEnd, RouterRules


def blind_key(run: Run, rules: RouterRules, end: LocalEnd, peer: IPAddress) -> KeyPick | None:
    """The key chosen without knowing the peer's profile; None when no key is eligible (KEY-DEFAULT-FIRST)."""
    search = rules.blind_keys(end, peer)
    pick = settle(run, rules.router, search)
    note_blind(run, rules, end, peer, search, pick)
    tell_blind(run, rules, end, peer, search, pick)
    return pick


def note_blind(
    run: Run, rules: RouterRules, end: LocalEnd, peer: IPAddress, search: KeySearch, pick: KeyPick | None
) -> None:
    """The lines behind a blind choice, and what it takes for granted."""
    router = rules.router
    if pick is None:
        if rules.keys_by_name_of(peer, end):
            run.assume("host-name keys are no candidates in main mode (U-14)")
        return
    if peer.version == 6 and pick.keyring is router.default_keyring and router.keyrings:
        run.assume("the global keys come first for IPv6 peers, too (U-18)")
    run.cite(router, *(line for other in search.best for line in (other.keyring.line, other.key.line)))


def tell_blind(
    run: Run, rules: RouterRules, end: LocalEnd, peer: IPAddress, search: KeySearch, pick: KeyPick | None
) -> tuple[str, ...]:
    """A blind look-up as ``debug crypto isakmp detail`` shows it, and as a decision; returns the lines."""
    text = str(peer)
    lines = _search_lines(rules.router, search.considered, end, text)
    if pick is not None:
        lines = (*lines, f"found peer pre-shared key matching {text}")
    run.say(rules.router, *lines)
    run.decide(blind_decision, rules, end, peer, search, pick)
    return lines


def profile_key(run: Run, rules: RouterRules, profile: IsakmpProfile, end: LocalEnd, peer: IPAddress) -> KeyPick | None:
    """The key that a bound profile's keyrings hold for the peer; None when there is none (KEY-BOUND)."""
    router = rules.router
    search = rules.keys_in_profile(profile, end, peer)
    pick = settle(run, router, search)
    if not profile.keyrings:
        everywhere = rules.blind_keys(end, peer)
        run.assume("a profile without a keyring uses the global keys only (U-4)")
        if pick is None and everywhere.best:
            anywhere = run.choose(
                [
                    Option(False, "a profile without a keyring uses the global keys only"),
                    Option(True, "a profile without a keyring uses any keyring"),
                ]
            )
            pick = settle(run, router, everywhere) if anywhere else None
    if pick is not None:
        run.say(router, f"Found ADDRESS key in keyring {pick.keyring.name}")
        run.cite(router, pick.keyring.line, pick.key.line, *(r.line for r in profile.keyrings))
    run.decide(ring_decision, rules, profile, end, peer, search, pick)
    return pick


def tell_verified(run: Run, rules: RouterRules, search: KeySearch, end: LocalEnd, peer: IPAddress) -> None:
    """The look-up in the selected profile's keyrings, as the debug of the end that verifies shows it (DEBUG-LINES)."""
    router, considered = rules.router, search.considered
    if not considered:
        return
    shown = not router.default_keyring.keys or considered[0].keyring is router.default_keyring
    lines = _search_lines(router, considered, end, str(peer)) if shown else ()
    run.say(router, *lines, f"Found ADDRESS key in keyring {search.best[0].keyring.name}")


def settle(run: Run, router: Router, search: KeySearch) -> KeyPick | None:
    """One key out of a search: ties and keyrings whose local address is not known are asked about.

    Entries of one keyring that cover the same addresses (host bits are kept, U-15) tie where their keys differ.
    """
    first: dict[tuple[str, int, str], KeyPick] = {}
    for pick in search.best:
        first.setdefault((pick.keyring.name, pick.key.secret.type == 6, pick.key.secret.fingerprint), pick)
    names = [pick.keyring.name for pick in first.values()]
    options: list[Option[KeyPick | None]] = []
    for pick in first.values():
        where = f" in line {pick.key.line}" if names.count(pick.keyring.name) > 1 else ""
        words = f"{router.name} takes the key of {pick.keyring.name}{where}"
        options.append(Option(pick, words, "tie"))
    if not options:
        options = [Option(None, f"{router.name} has no key whose local-address is known to fit")]
    for pick in search.uncertain:
        options.append(Option(pick, f"{router.name}: local-address of {pick.keyring.name} fits", "unknown"))
    for pick in search.lacking:
        words = f"{router.name}: local-address of {pick.keyring.name} serves the VRF that it does not name (LOCAL-VRF)"
        options.append(Option(pick, words))
    if search.outranked and not search.lacking:
        words = f"{router.name} looks at masks before local-address and stops at {search.outranked[0].keyring.name}"
        options.append(Option(None, words))
    chosen = run.choose(options)
    if chosen is not None and chosen.key.prefix is not None and _odd(chosen.key.prefix):
        run.assume("a key's address is compared under its mask, whatever its host bits (U-15)")
    return chosen


def _odd(prefix: Prefix) -> bool:
    return prefix.has_host_bits or not prefix.contiguous


def _search_lines(router: Router, considered: Sequence[KeyPick], end: LocalEnd, peer: str) -> tuple[str, ...]:
    """The lines of ``debug crypto isakmp detail`` for a search (DEBUG-LINES)."""
    in_default = bool(considered) and considered[0].keyring is router.default_keyring
    lines = [f"key for {peer} not available in default"] if end.fvrf is None and not in_default else []
    longest = -1
    for pick in considered:
        lines.append(f"key for {peer} found in {pick.keyring.name}")
        if pick.length > longest and pick.key.prefix is not None:
            longest = pick.length
            final = "final key" if pick.key.prefix.is_host else "key"
            lines.append(f"ISAKMP: Selecting {pick.key.prefix.dotted()} as {final}")
    return tuple(lines)
