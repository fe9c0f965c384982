"""What every answer of the portal says about how browsers may use it."""

from collections.abc import Mapping


def broken_headers(headers: Mapping[str, str], *, signed_in: bool) -> list[str]:
    """Return what is wrong with the security headers of a page."""
    csp = headers.get("content-security-policy", "")
    needed = (
        "default-src 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'none'",
    )
    wrong = [f"the content rules lack {part}" for part in needed if part not in csp]
    if "unsafe-" in csp or "*" in csp:
        wrong.append(f"the content rules are too wide: {csp}")
    if headers.get("x-content-type-options") != "nosniff":
        wrong.append("no nosniff")
    if headers.get("x-frame-options") != "DENY":
        wrong.append("frames are not denied")
    if not headers.get("referrer-policy"):
        wrong.append("no referrer policy")
    if signed_in and "no-store" not in headers.get("cache-control", ""):
        wrong.append("a signed-in page may be stored")
    return wrong
