"""The report as one HTML page that needs nothing else: ``fleet`` and ``plan`` say what is on it, ``pack`` makes it small.

The page holds two compressed blobs: ``core``, which is read at once, and ``details``, which is read with the first ladder. Its
scripts and its style sheet lie beside this file as they are; nothing is built. Names and lines of configurations come from
strangers: the scripts put them into the page as text only, and the policy in the page's head lets nothing else run.
"""

from ikeaudit.report.html.fleet import fleet_page
from ikeaudit.report.html.plan import plan_page

__all__ = ["fleet_page", "plan_page"]
