"""Takes a proof of identity back that its owner disowns; whoever gave it was somebody else."""

import clock
from accounts.assurance import IAL
from accounts.audit_tags import Tag
from accounts.models import AccountEvent, Disavowal, ProofingAttempt, SecurityCase, User
from accounts.signals import identity_withdrawn
from audit import events

_Status = ProofingAttempt.Status
_INTERRUPTED = ProofingAttempt.Cause.INTERRUPTED


def concerns(disowned: Disavowal, user: User) -> bool:
    """Whether disowning this puts the proof of a person in doubt, and there is one."""
    return disowned.event == AccountEvent.IDENTITY_TRIED and user.ial >= IAL.PROOFED


def stop_inquiries(user: User) -> None:
    """End what the bureau is being asked about a locked person: no answer proves anything, no fail.

    Runs in the transaction that freezes the account, or gives it another name.
    """
    asked = ProofingAttempt.objects.filter(user=user, status__in=ProofingAttempt.OPEN)
    for attempt in asked.select_for_update():
        if attempt.status == _Status.CHECKING:
            attempt.give_back()
        attempt.finish(_Status.TROUBLE, at=clock.now(), cause=_INTERRUPTED)
        attempt.save()
        events.record(
            Tag.PROOFING_TROUBLE,
            actor=None,
            target=attempt,
            outcome="failed",
            after={"status": attempt.status, "cause": attempt.cause, "fails": attempt.fails},
        )


def withdraw(user: User, case: SecurityCase) -> None:
    """Lower the assurance of a locked person, and let the rooms above end what rests on it.

    Runs in the transaction that freezes the account.
    """
    before = user.ial
    user.withdraw_proof()
    user.save(update_fields=["ial", "proofed_at"])
    case.took_proof_back = True
    case.save(update_fields=["took_proof_back"])
    events.record(
        Tag.PROOF_WITHDRAWN,
        actor=None,
        target=user,
        reason=AccountEvent.IDENTITY_TRIED,
        before={"ial": before},
        after={"ial": user.ial, "case": case.reference},
    )
    identity_withdrawn.send(sender=User, user=user)
