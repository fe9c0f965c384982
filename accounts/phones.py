"""Telephone numbers as people read and write them; they are kept in international form."""

import phonenumbers


def readable(phone: str) -> str:
    """(202) 555-0143 for +12025550143, and with the country code for a number from abroad."""
    try:
        number = phonenumbers.parse(phone, "US")
    except phonenumbers.NumberParseException:
        return phone
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if number.country_code == 1
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return str(phonenumbers.format_number(number, style))
