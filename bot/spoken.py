"""In which language it is said that an answer takes long or has failed, of which nothing is read of who asked."""

from collections import OrderedDict

from botbuilder.schema import Activity

from bot.turns import Answer
from dialogs.turn import Said
from storage.engine.writers import PerhapsStoredError
from texts.catalogue import Texts

# More than a municipality has at work in the bot at once; whoever has not been answered for longest is forgotten.
MOST_KEPT = 5_000


class Spoken:
    """What each was last answered in goes before what her Teams is in; where neither is known it is Swedish.

    Kept in this process alone: after a restart her Teams tells until she has been answered once.
    """

    def __init__(self) -> None:
        self._by_person: OrderedDict[str, str] = OrderedDict()

    def heard(self, said: Said, answer: Answer) -> None:
        if not answer.language:
            return
        self._by_person[said.teams_id] = answer.language
        self._by_person.move_to_end(said.teams_id)
        if len(self._by_person) > MOST_KEPT:
            self._by_person.popitem(last=False)

    def later(self, said: Said, activity: Activity) -> str:
        return self._say(said, activity)("turn.later")

    def trouble(self, said: Said, activity: Activity, error: BaseException, reference: str) -> str:
        """The log has the traceback by the same reference."""
        which = "trouble.perhaps_stored" if isinstance(error, PerhapsStoredError) else "trouble"
        return self._say(said, activity)(which, reference=reference)

    def _say(self, said: Said, activity: Activity) -> Texts:
        # As Teams writes it: en-GB.
        of_teams = str(activity.locale or "").partition("-")[0].lower()
        return Texts(self._by_person.get(said.teams_id) or of_teams)
