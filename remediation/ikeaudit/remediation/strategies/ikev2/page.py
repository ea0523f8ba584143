"""The strategy's page, which ``docs/strategies/ikev2.md`` repeats."""

DOCUMENTATION = """\
# Strategy `ikev2`

With IKEv2 the identity of the caller is known before a pre-shared key is needed, so the choice of keyring and profile that
breaks IKEv1 tunnels in one direction is gone. This strategy moves tunnels from IKEv1 to IKEv2, both ends of each in one plan.

    ikeaudit plan SNAPSHOT --strategy ikev2 --out PLAN

## What is moved

| recipe | what | how |
| --- | --- | --- |
| B1 | static VTI and GRE tunnels | a new IPsec profile with `set ikev2-profile`; `tunnel protection` is switched |
| B2 | static crypto map entries, with one or several peers, and dynamic maps all of whose callers are known | \
`set ikev2-profile` in the entry, the ISAKMP profile taken out |
| B3' | DMVPN clouds, in place | the hubs' and spokes' tunnels are switched in one window |
| B3 | DMVPN clouds, beside the old one (`--second-cloud FILE`) | a new multipoint tunnel from addresses of its own |
| B4 | what is left of IKEv1 | removed once nothing uses it |

Places that depend on each other move together or not at all: the two ends of a tunnel, all peers of a crypto map entry, all
members of a cloud, all tunnels that share one source with `shared`. Front-door VRFs are matched (`match fvrf`); the IKEv2
policy is for all of them. An IKEv2 policy that governs the address already gets the new proposal besides its own.

## Steps

1. *additive*, on every router: proposal, policy, keyring, profiles, transform sets, IPsec profiles. Nothing uses them yet.
2. *switch*, tunnel by tunnel, far end first. One tunnel end does not serve both versions, so the tunnel is down from the
   switch of its first end to that of the last; the plan announces it with the number of that last step and the seconds that it
   takes at most.
3. *cleanup*, in waves of their own after all switches (`--cleanup now`, the default): IPsec profiles, transform sets, ISAKMP
   profiles, keyrings and keys that nothing uses any more, in the order in which IOS lets go of them. ISAKMP policies go when no
   IKEv1 peer is left on the router; then the built-in policies and aggressive mode are switched off as well. Objects that a
   tunnel which stays with IKEv1 could use are kept, and so is everything where GET VPN, EzVPN or dynamic templates use IKEv1.
   With `--cleanup later` all of it stays; `--cleanup only` makes a plan of nothing else later.

Every step has its rollback. Objects that are created again come back at the end of their list; where that changes an order,
the plan says so.

## Keys

The key that both ends share today is carried over as it is, as a token in the plan. With `--new-keys` every pair of ends gets
two new keys, one for each direction (a cloud whose members share one key gets one new key): the tokens in the plan are names
for keys that are made when the plan is applied, and no file ever holds them. Certificates are left alone: such tunnels are
refused.

## Crypto suites

`--suite NAME` chooses one of `ngfw-compat` (the default), `cnsa`, `cnsa-gcm` and `classic`; `--suites FILE` brings your own:

```yaml
our-suite:
  title: what it is for
  ike:
    encryption: [aes-cbc-256]
    integrity: [sha384]       # none with aes-gcm, which needs a prf
    group: [20, 19]
  esp:
    transforms: [esp-aes 256, esp-sha256-hmac]
    pfs: group20              # left out: none
```

A suite is compared with the platform and release of both ends: releases without IKEv2, hardware without next-generation
encryption, and algorithms that Field Notice FN72510 refuses are refusals. What cannot be told, an unknown release or GCM
support, is a remark in the plan.

## A second DMVPN cloud

```yaml
- tunnel: Tunnel10            # the multipoint tunnel on the hubs of the cloud that there is
  new-tunnel: Tunnel20        # on every router; its number becomes network-id and tunnel key
  source: Loopback20          # exists on every router, in the front-door VRF, reachable by the others
  network: 10.20.0.0/24       # of the mask of the old tunnels; host parts are carried over
```

The old cloud is not touched, so nothing is interrupted. Routing is yours: move router by router by metric, then remove the
old tunnels.

## What is refused

Always with the reason and the lines behind it: a peer whose configuration is not here or that is not changed by this plan; keys
that differ, or that cannot be compared (type 6), or that depend on how the rules are read; certificates; remote access; names
as peers, unknown local addresses; an end that speaks IKEv2 already; an IKEv2 profile that would match the same peers
(which of several IOS takes is not known); lines that are not understood; whole crypto maps bound to one profile; tunnels that
are shut down; and every tunnel that the replay of the end state does not show up, by IKEv2, from each end that can start it.
"""
