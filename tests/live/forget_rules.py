"""Lets the rules somebody accepted be a year old."""

from datetime import timedelta

from django.db.models import F

from accounts.models import TermsAcceptance, User


def main(user_id: str) -> None:
    """Move everything a person accepted back by more than a year."""
    user = User.objects.get_by_natural_key(user_id)
    TermsAcceptance.objects.filter(user=user).update(
        accepted_at=F("accepted_at") - timedelta(days=366)
    )
