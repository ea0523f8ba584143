"""What the routers' state says of the predictions: the associations that are up, how old they are and who started them.

The configuration stays authoritative: nothing here changes a verdict, and an association that is older
than a change says nothing of what was changed (SA-EVIDENCE).
"""

from ikeaudit.witness.nhrp import NhrpPeer
from ikeaudit.witness.observed import Agreed, ObservedSa, observed_sas, shown_lines
from ikeaudit.witness.witness import Witness

__all__ = ["Agreed", "NhrpPeer", "ObservedSa", "Witness", "observed_sas", "shown_lines"]
