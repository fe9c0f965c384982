"""What an operator has to look at after a restore: what was forgotten, and what is back by it."""

from dataclasses import dataclass

from access_requests.audit_tags import Tag as RequestTag
from access_requests.models import Grant
from accounts.audit_tags import Tag as AccountTag
from audit.journal import Kept, Unreadable
from audit.services import restoring

# Taken from somebody for a reason; forgotten, it is theirs again.
ENDS_OF_GRANTS = frozenset({str(RequestTag.GRANT_REMOVE), str(RequestTag.GRANT_REVOKE)})
TAKEN = ENDS_OF_GRANTS | frozenset(
    str(tag)
    for tag in (
        AccountTag.DEACTIVATE,
        AccountTag.SUSPEND,
        AccountTag.FREEZE,
        AccountTag.EXPIRE,
        AccountTag.CHANGE_RIGHTS,
        AccountTag.PROOF_WITHDRAWN,
        AccountTag.DEVICE_REMOVED,
        AccountTag.PASSWORD_CHANGED,
        AccountTag.PASSWORD_RESET,
        AccountTag.EMAIL_CHANGED,
    )
)


@dataclass(frozen=True)
class Difference:
    """What the journal has and the database has not.

    ``in_force`` holds the keys of grants that had ended and count again; ``unreadable`` is how
    many lines of the journal could not be believed.
    """

    forgotten: list[Kept]
    in_force: frozenset[str]
    unreadable: int

    @property
    def given_back(self) -> list[Kept]:
        """What was taken from somebody, and is theirs again unless somebody takes it anew."""
        return [entry for entry in self.forgotten if self._is_back(entry)]

    def _is_back(self, entry: Kept) -> bool:
        tag = entry.values["tag"]
        if entry.values["outcome"] != "success" or tag not in TAKEN:
            return False
        return tag not in ENDS_OF_GRANTS or entry.values["target_id"] in self.in_force


def compare() -> Difference:
    """Compare journal and database; changes nothing."""
    unreadable = Unreadable()
    forgotten = restoring.forgotten(unreadable=unreadable)
    ended = [
        int(entry.values["target_id"])
        for entry in forgotten
        if entry.values["tag"] in ENDS_OF_GRANTS
    ]
    standing = Grant.objects.standing().filter(pk__in=ended).values_list("pk", flat=True)
    return Difference(forgotten, frozenset(map(str, standing)), unreadable.lines)
