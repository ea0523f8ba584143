"""Which steps are carried out together, and in which order (CHANGE-FAR-FIRST, FL-REDUNDANCY-COUPLED).

What a wave is made of depends on what tears a tunnel down:

* A strategy that moves ``tunnels`` to something that both ends must do at once (``ikev2``) has waves of tunnels: the two ends
  of each are switched in one wave, and a hub is in as many waves as its tunnels need. The steps that add what nothing uses
  yet go before a router's first switch; clean-ups have waves of their own when everything is switched. Tunnels that are new,
  beside the old ones (a second cloud), put nothing at stake and come up with their second end: there hubs come first.
* A strategy that changes ``routers`` one by one, with nothing to be done at the other end (``single-keyring``), has waves of
  whole routers. Two routers that only talk to each other are changed together; otherwise the other end of a tunnel may come
  in another wave, in which case it takes part as a partner: it is not changed, and it starts the tunnel for the test.

In both, seen from a site, a change on the router at the other end puts the tunnel at stake. Never two paths of a small site
(a router, or routers with a LAN in common) are at stake in one wave, nor more than half of those of a larger one. A router
with several paths whose own change concerns all of them cannot be helped by waves: no other end is changed in that wave, and
``apply`` tests its tunnels one after the other. What comes first: the canary, alone, with the least at stake; then far ends,
and whoever is managed through a tunnel before the other end of it, both with a longer timer when in one wave.
"""

from ikeaudit.remediation.waves.arranging import Arrangement, arrange
from ikeaudit.remediation.waves.graph import TunnelGraph
from ikeaudit.remediation.waves.packing import WAVE_SIZE

__all__ = ["WAVE_SIZE", "Arrangement", "TunnelGraph", "arrange"]
