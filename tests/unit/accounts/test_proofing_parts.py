"""Proofing without a database: replies, the simulated bureau, the policies, the documents."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from accounts import policies
from accounts.assurance import IAL
from accounts.models import ProofingCase
from accounts.proofing import replies, simulated
from accounts.proofing.files import FILES, NONE_OF_THE_ABOVE, TOPICS, Behaviour
from accounts.proofing.provider import Found, Judged, Trouble
from accounts.proofing.simulated import SimulatedBureau
from accounts.reasons import Reason
from tests.factories import proofing as make

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/proofing.md"
BUREAU = SimulatedBureau()
ASKED = [file for file in FILES if file.facts]


# --- What a bureau may say ---

GOOD = {"text": "Where?", "choices": ["Here", "There"]}


def refused(act: Any) -> bool:
    with pytest.raises(Trouble) as caught:
        act()
    return caught.value.cause == "garbage"


def test_good_replies_are_understood() -> None:
    assert replies.started({"result": "questions", "reference": "r"}) == (Found.QUESTIONS, "r")
    assert replies.judged({"result": "passed", "reference": "r"}, reference="r") is Judged.PASSED
    assert replies.judged({"result": "failed", "reference": "r"}, reference="r") is Judged.FAILED
    (question,) = replies.questions({"reference": "r", "questions": [GOOD]}, reference="r", count=1)
    assert (question.text, question.choices) == ("Where?", ("Here", "There"))


@pytest.mark.parametrize(
    "reply",
    [
        None,
        [],
        "questions",
        {"result": "questions"},
        {"result": "passed", "reference": "r"},
        {"result": "questions", "reference": ""},
        {"result": "questions", "reference": "r" * 201},
        {"result": "questions", "reference": "a\nb"},
        {"result": "questions", "reference": "r\u00e9"},
        {"result": None, "reference": "r"},
        {"result": ["questions"], "reference": "r"},
    ],
)
def test_a_strange_beginning_is_garbage(reply: Any) -> None:
    assert refused(lambda: replies.started(reply))


@pytest.mark.parametrize(
    "listed",
    [
        None,
        [],
        [GOOD, GOOD],
        [None],
        [{"text": "Where?"}],
        [{**GOOD, "text": " "}],
        [{**GOOD, "text": "x" * 301}],
        [{**GOOD, "choices": ["Here"]}],
        [{**GOOD, "choices": ["Here", "Here"]}],
        [{**GOOD, "choices": ["Here", 2]}],
        [{**GOOD, "choices": [str(number) for number in range(11)]}],
        [{**GOOD, "choices": "Here"}],
    ],
)
def test_strange_questions_are_garbage(listed: Any) -> None:
    reply = {"reference": "r", "questions": listed}

    assert refused(lambda: replies.questions(reply, reference="r", count=1))


def test_a_reply_about_somebody_else_is_garbage() -> None:
    reply = {"result": "passed", "reference": "other"}

    assert refused(lambda: replies.judged(reply, reference="r"))


def test_an_applicant_shows_nothing_when_printed() -> None:
    assert str(make.applicant()) == repr(make.applicant()) == "Applicant()"


# --- The simulated bureau ---


def begun(ssn: str) -> str:
    reply = BUREAU.start(make.applicant(ssn))
    assert reply["result"] == Found.QUESTIONS
    return str(reply["reference"])


def right_choices(ssn: str, reference: str, number: int) -> list[int]:
    file = next(file for file in FILES if file.ssn == ssn)
    by_question = {str(topic.question): name for name, topic in TOPICS.items()}
    return [
        asked["choices"].index(simulated.right_choice(file, by_question[asked["text"]]))
        for asked in BUREAU.questions(reference, number)["questions"]
    ]


@pytest.mark.parametrize("file", ASKED, ids=lambda file: file.shown_ssn)
@pytest.mark.parametrize("wrong", range(6))
@pytest.mark.parametrize("number", [1, 2])
def test_four_of_five_pass_but_for_the_identity_that_fails(
    file: Any, wrong: int, number: int
) -> None:
    reference = begun(file.ssn)
    chosen = [
        (choice + 1) % 5 if at < wrong else choice
        for at, choice in enumerate(right_choices(file.ssn, reference, number))
    ]

    reply = BUREAU.answer(reference, number, chosen)

    passes = file.behaviour is Behaviour.PASSES and wrong <= 1
    assert reply["result"] == (Judged.PASSED if passes else Judged.FAILED)


def test_the_place_of_a_choice_gives_nothing_away() -> None:
    """One choice in four by chance: the same place five times passes in 6 inquiries of 100."""
    passed = 0
    for _inquiry in range(300):
        reference = begun(make.PASSES)
        passed += any(
            BUREAU.answer(reference, 1, [choice] * 5)["result"] == Judged.PASSED
            for choice in range(5)
        )

    assert passed < 45


def test_both_sets_together_ask_about_everything() -> None:
    reference = begun(make.PASSES)
    sets = [
        [question["text"] for question in BUREAU.questions(reference, number)["questions"]]
        for number in (1, 2)
    ]

    assert sorted(sets[0] + sets[1]) == sorted(str(topic.question) for topic in TOPICS.values())


def test_a_reference_tells_nothing_about_the_number() -> None:
    first, second = begun(make.PASSES), begun(make.PASSES)

    assert first != second
    assert make.PASSES not in first
    with pytest.raises(LookupError):
        BUREAU.questions(first[:-8] + second[-8:], 1)


def test_each_choice_is_offered_once_and_the_last_is_none_of_them() -> None:
    for file in ASKED:
        for asked in BUREAU.questions(begun(file.ssn), 1)["questions"]:
            assert len(set(asked["choices"])) == 5
            assert asked["choices"][-1] == str(NONE_OF_THE_ABOVE)


def test_every_test_number_belongs_to_nobody() -> None:
    assert all(file.ssn.startswith("9") and len(file.ssn) == 9 for file in FILES)
    assert len({file.ssn for file in FILES}) == len(FILES)
    assert {file.behaviour for file in FILES} == set(Behaviour)


def test_every_fact_is_among_the_offered_ones() -> None:
    for file in FILES:
        for name, fact in file.facts.items():
            assert fact in TOPICS[name].options


def test_the_document_lists_every_identity_with_its_answers() -> None:
    written = DOCUMENT.read_text().splitlines()

    assert not [file for file in FILES if not any(file.shown_ssn in line for line in written)]
    for name, topic in TOPICS.items():
        answers = " | ".join(simulated.right_choice(file, name) for file in ASKED)
        assert f"| {topic.question} | {answers} |" in written


# --- Who may ---


def person(**fields: Any) -> Any:
    values = {"pk": 1, "is_active": True, "ial": IAL.SELF_ASSERTED, "is_staff": False}
    return SimpleNamespace(**{**values, "is_superuser": False, **fields})


FREE: dict[str, Any] = {"is_offered": True, "is_under_way": False, "fails": 0}


@pytest.mark.parametrize(
    ("user", "change", "reason"),
    [
        (person(), {}, None),
        (person(), {"fails": 2}, None),
        (person(), {"fails": 3}, Reason.PROOFING_LOCKED),
        (person(), {"fails": 4}, Reason.PROOFING_LOCKED),
        (person(), {"is_offered": False}, Reason.PROOFING_OFFLINE),
        (person(), {"is_under_way": True}, Reason.PROOFING_UNDER_WAY),
        (person(ial=IAL.PROOFED), {}, Reason.PROOFED_ALREADY),
        (person(is_active=False), {}, Reason.NOT_ALLOWED),
        (person(), {"fails": 3, "is_under_way": True}, Reason.PROOFING_LOCKED),
    ],
)
def test_who_may_be_proven_online(user: Any, change: dict[str, Any], reason: Any) -> None:
    assert policies.may_prove_online(user, **{**FREE, **change}).reason == reason


@pytest.mark.parametrize(
    ("user", "reason"),
    [
        (person(), None),
        (person(ial=IAL.PROOFED), Reason.PROOFED_ALREADY),
        (person(is_active=False), Reason.NOT_ALLOWED),
    ],
)
def test_who_may_open_a_case(user: Any, reason: Any) -> None:
    assert policies.may_open_case(user).reason == reason


@pytest.mark.parametrize(
    ("agent", "about", "reason"),
    [
        (person(pk=2), person(), None),
        (person(), person(), Reason.OWN_ACCOUNT),
        (person(is_superuser=True), person(is_superuser=True), Reason.OWN_ACCOUNT),
        (person(pk=2, is_active=False), person(), Reason.NOT_ALLOWED),
        (person(pk=2), person(is_staff=True), Reason.HIGHER_ACCOUNT),
        (person(pk=2), person(is_superuser=True), Reason.HIGHER_ACCOUNT),
        (person(pk=2, is_staff=True), person(is_staff=True), Reason.HIGHER_ACCOUNT),
        (person(pk=2, is_superuser=True), person(is_staff=True), None),
    ],
)
def test_who_may_judge_whom(agent: Any, about: Any, reason: Any) -> None:
    assert policies.may_judge_identity(agent, about).reason == reason


@pytest.mark.parametrize("photo", sorted(ProofingCase.WITH_PHOTO))
def test_every_document_with_a_photograph_needs_one_more(photo: str) -> None:
    others = sorted({kind.value for kind in ProofingCase.Document} - {photo})

    assert not policies.are_enough_documents([photo])
    assert all(policies.are_enough_documents([photo, other]) for other in others)


def test_documents_without_a_photograph_are_never_enough() -> None:
    without = {kind.value for kind in ProofingCase.Document} - ProofingCase.WITH_PHOTO

    assert not policies.are_enough_documents(without)
