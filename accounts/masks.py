"""Shows enough of an address or number to recognize it, and not enough to use it."""


def email(address: str) -> str:
    """The first letter and the domain: ``r****@people.example``."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}****@{domain}"


def phone(number: str) -> str:
    """The last four digits: ``(***) ***-0142``; "" without a number."""
    return f"(***) ***-{number[-4:]}" if number else ""
