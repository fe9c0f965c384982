"""Changes what a person may change of their own data without anybody's leave."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

import clock
from accounts import emails_profile as emails
from accounts.audit_tags import Tag
from accounts.models import BusinessContact, User
from audit import events

HOME_ADDRESS = ("address_line_1", "address_line_2", "city", "state", "zip_code", "zip_extension")
BUSINESS = ("company", "job_title", *HOME_ADDRESS, "phone", "phone_extension")


@transaction.atomic
def change_phone(*, user_id: int, phone: str) -> bool:
    """Keep another primary phone number; False when it is the same."""
    user = User.objects.select_for_update().get(pk=user_id)
    return _change(user, user, {"phone": phone}, Tag.CHANGE_PHONE)


@transaction.atomic
def change_home_address(*, user_id: int, address: Mapping[str, str]) -> bool:
    """Keep another residence address, with the keys of HOME_ADDRESS; False when it is the same."""
    user = User.objects.select_for_update().get(pk=user_id)
    wanted = {name: address[name] for name in HOME_ADDRESS}
    return _change(user, user, wanted, Tag.CHANGE_HOME_ADDRESS)


@transaction.atomic
def change_business_contact(*, user_id: int, contact: Mapping[str, str]) -> bool:
    """Keep other business contact information, with the keys of BUSINESS; False when the same."""
    user = User.objects.select_for_update().get(pk=user_id)
    row = BusinessContact.objects.filter(user=user).first()
    row = row or BusinessContact(user=user)
    row.changed_at = clock.now()
    wanted = {name: contact[name] for name in BUSINESS}
    return _change(user, row, wanted, Tag.CHANGE_BUSINESS_CONTACT)


def business_contact_of(user: User) -> BusinessContact | None:
    """What the person gave, if anything."""
    return BusinessContact.objects.filter(user=user).first()


def _change(user: User, row: Any, wanted: Mapping[str, str], tag: Tag) -> bool:
    """Save, record and mail; the log names the fields and keeps none of the personal values."""
    changed = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
    if not changed:
        return False
    for name in changed:
        setattr(row, name, wanted[name])
    if row is user:
        user.save(update_fields=changed)
    else:
        row.save()
    events.record(tag, actor=user, target=user, after={"fields": changed})
    emails.profile_changed(user, what=str(tag.label))
    return True
