"""What the frame of every page shows of a person's preferences; runs no SQL of its own."""

from functools import partial

from django.http import HttpRequest

from accounts import display


def display_classes(request: HttpRequest) -> dict[str, object]:
    """Give the classes of the page's root, worked out when the frame asks for them."""
    return {"display_classes": partial(_classes, request)}


def _classes(request: HttpRequest) -> str:
    return display.of(request).classes
