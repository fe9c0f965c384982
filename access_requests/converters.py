"""The tracking number in an address."""

from django.urls import register_converter


class TrackingNumberConverter:
    """Nine digits, the first not zero; anything else is no address of a request."""

    regex = "[1-9][0-9]{8}"

    def to_python(self, value: str) -> str:
        """Take the digits as they are."""
        return value

    def to_url(self, value: str) -> str:
        """Write the digits as they are."""
        return value


register_converter(TrackingNumberConverter, "tracking")
