"""The one error of the launcher: always a sentence that tells the person what to do."""


class EmbeddedError(RuntimeError):
    """The embedded servers cannot be started, stopped or reached."""
