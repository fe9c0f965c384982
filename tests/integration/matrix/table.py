"""Who may do what, written from the rules and not from what the portal answers.

A person, an address and a method give the set of outcomes that are right. The addresses, their
markers and their methods come from the URL resolver and docs/urls.md, so a new page is in the
matrix as soon as it exists. What cannot be read off stands in the tables here.
"""

from dataclasses import dataclass

from accounts.assurance import Strength

OPENS = "opens"  # the page, an answer to its form, or a way on inside the portal
SIGN_IN = "sign in"  # led to the sign-in
SECOND_STEP = "second step"  # led to the second factor, or to another beginning of a sign-in
STRONGER = "stronger"  # led to a strong factor, or told that one is needed
ABSENT = "absent"  # 404, the same as for an address that leads nowhere
NO_METHOD = "no method"  # 405
READ_ONLY = "read only"  # 403: may be looked at, and nobody may write it

REQUESTER = "sample.requester"
COLLEAGUE = "sample.colleague"
SUPER = "super.portal"


@dataclass(frozen=True)
class Persona:
    """Somebody in a browser; without a name nobody, half a sign-in without a strength."""

    who: str = ""
    strength: Strength | None = None

    @property
    def is_half(self) -> bool:
        return bool(self.who) and self.strength is None

    @property
    def is_strong(self) -> bool:
        return self.strength == Strength.STRONG

    def __str__(self) -> str:
        if not self.who:
            return "nobody"
        return f"{self.who} {'half' if self.strength is None else self.strength.name.lower()}"


_STRONG = (
    "approver.external", "approver.cms", "owner.zone", "helpdesk.zone", "helpdesk.portal",
    "so.harbor", "admin.portal", SUPER, "auditor.portal", REQUESTER,
)  # fmt: skip
_WEAK = ("approver.external", "owner.zone", "helpdesk.portal", "helpdesk.zone", "auditor.portal",
         "admin.portal", SUPER)  # fmt: skip
PERSONAS = (
    Persona(),
    Persona("approver.external"),
    Persona("assister.avery", Strength.NONE),
    Persona(COLLEAGUE, Strength.WEAK),
    *(Persona(who, Strength.STRONG) for who in _STRONG),
    *(Persona(who, Strength.WEAK) for who in _WEAK),
)

# Whom the policies of the markers allow; the superuser has every permission, but is no agent and
# decides nothing.
_AGENTS = {"helpdesk.zone", "helpdesk.portal"}
ALLOWED_BY = {
    "decides_something": {
        "approver.external", "approver.cms", "owner.zone", "helpdesk.portal", "so.harbor",
    },
    "may_read_audit_log": {"auditor.portal", SUPER},
    "serves_people": _AGENTS,
    "serves_everybody": {"helpdesk.portal"},
    "may_retry_mail": {"helpdesk.portal"},
    "admin": {"owner.zone", "admin.portal", SUPER},
}  # fmt: skip
# Their work is shut to sessions without a strong factor.
STRONG_ONLY = {
    "may_read_audit_log", "serves_people", "serves_everybody", "may_retry_mail", "admin",
}  # fmt: skip

# What is put into the places of an address, by URL name, and for whom the object exists.
# The end user of zONE is decided by the external approver of the same organization; the agents
# serve both people and do not see the request for zONE; the auditor sees every request, and who
# owns zONE those for it.
_OWN = {REQUESTER}
_SEEN = {REQUESTER, "approver.external", "owner.zone", "auditor.portal", SUPER}
_WAITING = {"approver.external"}
OBJECTS: dict[str, tuple[str, set[str]]] = {
    "access_requests:detail": ("approved", _SEEN),
    "access_requests:acknowledgement": ("own", _OWN),
    "access_requests:answer": ("returned", _OWN),
    "access_requests:cancel": ("own", _OWN),
    "access_requests:remove_role": ("grant", _OWN),
    "access_requests:approval": ("waiting", _WAITING),
    "access_requests:approve": ("waiting", _WAITING),
    "access_requests:deny": ("waiting", _WAITING),
    "access_requests:return_for_information": ("waiting", _WAITING),
    "accounts:mfa_confirm": ("unconfirmed", _OWN),
    "accounts:mfa_rename": ("device", _OWN),
    "accounts:mfa_default": ("device", _OWN),
    "accounts:mfa_remove": ("device", _OWN),
    "support:helpdesk_person": ("served", _AGENTS),
    "support:helpdesk_verify": ("served", _AGENTS),
    "support:helpdesk_action": ("served", _AGENTS),
    "support:helpdesk_proposal": ("proposal", _AGENTS),
    "support:audit_entry": ("entry", {"auditor.portal", SUPER}),
    "notifications:mailbox_message": ("mail", set()),  # public where the mailbox is
    "notifications:mailbox_html": ("mail", set()),
}
# Who sees everything sees it with a strong factor only.
_SEES_ALL = {"auditor.portal", SUPER}
# Where whoever may look is told that nothing is written.
ONLY_LOOKED_AT = "may_read_audit_log"
WRITING = {"POST", "PUT", "PATCH", "DELETE"}
# Places that name nothing of anybody.
WORDS = {
    "slug": "zone", "destination": "qbic", "token": "not-a-token", "kind": "app_phone",
    "action": "unlock",
}  # fmt: skip

# For load balancers: public, without content, judged by tests/integration/portal.
FOR_MACHINES = {"healthz", "readyz"}
# What a form has to say so that it is answered at all.
POSTED = {
    "accounts:sessions": {"end": "others"},
    "access_requests:keep_draft": {"shown_role": "end-user"},
}
# Pages whose form alone asks for the factors again.
POST_ASKS_AGAIN = {"accounts:sessions", "accounts:my_data"}

# What somebody halfway through the sign-in reaches.
HALFWAY = {"accounts:password", "accounts:passkey", "accounts:logout"}


@dataclass(frozen=True)
class Address:
    """One address with what the matrix has to know of it."""

    name: str
    path: str
    marker: str
    methods: frozenset[str]
    asks_again: bool = False

    @property
    def policy(self) -> str:
        return self.marker.partition(":")[2]

    def answers(self, method: str) -> bool:
        """Whether the method is one of those written down; HEAD works where GET works."""
        return ("GET" if method == "HEAD" else method) in self.methods


def right(persona: Persona, address: Address, method: str) -> set[str]:
    """Return the outcomes that are right."""
    if persona.is_half and address.name not in HALFWAY:
        return {SECOND_STEP}
    if address.marker == "public":
        # Some public pages do nothing but lead on to the sign-in.
        return {OPENS, SIGN_IN} if address.answers(method) else {NO_METHOD}
    if not persona.who:
        return {SIGN_IN}
    return _for_somebody(persona, address, method)


def _for_somebody(persona: Persona, address: Address, method: str) -> set[str]:
    policy = address.policy
    if policy and persona.who not in ALLOWED_BY[policy]:
        return {ABSENT}
    if policy == ONLY_LOOKED_AT and method in WRITING:
        return {READ_ONLY}
    is_shut = policy in STRONG_ONLY and not persona.is_strong
    if is_shut or _wants_strong(persona, address, method):
        return {STRONGER} if address.answers(method) else {STRONGER, NO_METHOD}
    if policy == "admin":
        # Django's own pages: which models whom concern is judged by tests/integration/admin.
        return {OPENS, ABSENT, NO_METHOD}
    if not address.answers(method):
        return {NO_METHOD}
    return {ABSENT} if is_foreign(persona, address) else {OPENS}


def _wants_strong(persona: Persona, address: Address, method: str) -> bool:
    """Whether the fresh sign-in the address wants is one with a strong factor, and was not."""
    asks = address.asks_again or (method == "POST" and address.name in POST_ASKS_AGAIN)
    return asks and persona.who in _WEAK and not persona.is_strong


def is_foreign(persona: Persona, address: Address) -> bool:
    """Whether the address names an object that does not exist for this persona."""
    if address.name not in OBJECTS:
        return False
    people = OBJECTS[address.name][1]
    return persona.who not in (people if persona.is_strong else people - _SEES_ALL)
