"""Makes people with an account and nothing else, for tests that are not about registration."""

from django.contrib.auth.hashers import make_password

from accounts import answers
from accounts.data import rules_of_behavior
from accounts.models import ChallengeAnswer, TermsAcceptance, User

PASSWORD = "Quiet-Harbor-Morning-41"
ANSWERS = {
    "disliked_food": "Turnips with cream",
    "stuffed_animal": "Sergeant Buttons",
    "first_prize": "Swimming across the bay",
}
FIRST_NAMES = ("Imani", "Bo", "Celia", "Dmitri", "Esme", "Farid", "Greta", "Hugo", "Ines", "Jonah")
LAST_NAMES = ("Alder", "Birch", "Cedar", "Elm", "Hazel", "Larch", "Maple", "Rowe", "Thorne", "Vale")


def make(user_ids: list[str]) -> list[User]:
    """Create people who can sign in, all with the same password."""
    shared_hash = make_password(PASSWORD)
    made = []
    for number, user_id in enumerate(user_ids):
        user = User(
            user_id=user_id,
            email=f"{user_id}@people.example",
            first_name=FIRST_NAMES[number % len(FIRST_NAMES)],
            last_name=_last_name(number),
            password=shared_hash,
        )
        user.clean()
        made.append(user)
    people = User.objects.bulk_create(made)
    TermsAcceptance.objects.bulk_create(
        TermsAcceptance(
            user=user,
            document=TermsAcceptance.Document.RULES_OF_BEHAVIOR,
            version=rules_of_behavior.VERSION,
        )
        for user in people
    )
    _give_answers(people)
    return people


def _give_answers(people: list[User]) -> None:
    """Let everybody have the challenge answers that `tests.e2e.people` knows."""
    hashes = {question: answers.make_hash(answer) for question, answer in ANSWERS.items()}
    ChallengeAnswer.objects.bulk_create(
        ChallengeAnswer(user=user, question=question, hash=hashed)
        for user in people
        for question, hashed in hashes.items()
    )


def _last_name(number: int) -> str:
    """Return a name that no other of the first 110 has."""
    first, second = number % len(LAST_NAMES), number // len(LAST_NAMES)
    return LAST_NAMES[first] + (f"-{LAST_NAMES[(second - 1) % len(LAST_NAMES)]}" if second else "")


def main(how_many: int) -> list[dict[str, str]]:
    """Create people and return what a test needs to sign in as one of them."""
    start = User.objects.count()
    return [
        {
            "user_id": user.user_id,
            "password": PASSWORD,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "email": user.email,
        }
        for user in make([f"newcomer.{number}" for number in range(start, start + how_many)])
    ]
