"""What somebody is writing in a month's form."""

from datetime import timedelta

from followup import TaskId
from storage.engine.drafts import Drafts
from storage.engine.tables import report_draft

# A round that is open is answered within two months; what is older is about one that has closed.
KEPT = timedelta(days=70)
DRAFTS: Drafts[TaskId] = Drafts(report_draft, report_draft.c.task_id, KEPT)
