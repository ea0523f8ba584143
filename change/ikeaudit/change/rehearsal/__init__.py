"""A plan tried out before the night: what is kept of that, and how it is done on virtual routers.

:mod:`record <ikeaudit.change.rehearsal.record>` is the file beside the plan; :mod:`in_the_lab
<ikeaudit.change.rehearsal.in_the_lab>` boots the routers and carries the plan out, with faults, one of them in the process
:mod:`killed_child <ikeaudit.change.rehearsal.killed_child>`; :mod:`judging <ikeaudit.change.rehearsal.judging>` looks whether
what was reported is true.
"""

from ikeaudit.change.rehearsal.record import CaseResult, Rehearsal, Stands, require_rehearsal, write_rehearsal

__all__ = ["CaseResult", "Rehearsal", "Stands", "require_rehearsal", "write_rehearsal"]
