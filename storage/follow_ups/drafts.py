"""What somebody is writing in a follow-up's step."""

from datetime import timedelta

from followup import FollowUpId
from storage.engine.drafts import Drafts
from storage.engine.year_tables import follow_up_draft

# A follow-up is done within the year of its selection.
KEPT = timedelta(days=400)
DRAFTS: Drafts[FollowUpId] = Drafts(follow_up_draft, follow_up_draft.c.follow_up_id, KEPT)
