"""The made-up credit files of the simulated bureau, and what it says about each test number.

All people, lenders, streets and numbers are invented; numbers that begin with 9 belong to nobody.
A fact that a file lacks is asked for all the same: then "None of the above" is right.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Behaviour(StrEnum):
    """How the simulated bureau treats a test number."""

    PASSES = "passes"
    FAILS_QUESTIONS = "fails_questions"
    NOT_FOUND = "not_found"
    THIN_FILE = "thin_file"
    TIMEOUT = "timeout"
    GARBAGE = "garbage"
    DOWN = "down"


@dataclass(frozen=True)
class CreditFile:
    """One test identity: its number, how the bureau behaves, and the facts behind questions."""

    ssn: str
    behaviour: Behaviour
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def shown_ssn(self) -> str:
        """The number as people write it."""
        return f"{self.ssn[:3]}-{self.ssn[3:5]}-{self.ssn[5:]}"


@dataclass(frozen=True)
class Topic:
    """Something to ask about: how it is listed, how it is asked, and what is offered."""

    label: Any
    question: Any
    options: tuple[str, ...]


NONE_OF_THE_ABOVE = _("None of the above")

TOPICS: dict[str, Topic] = {
    "mortgage": Topic(
        _("Mortgage lender"),
        _("Your credit file may show a home loan. Who is or was the lender?"),
        (
            *("Tidewater Home Lending", "Granite Ridge Mortgage", "Bluebell Savings Bank"),
            *("Northfork Home Loans", "Copperleaf Mortgage", "Sandpiper Federal Savings"),
            *("Old Mill Building Society", "Juniper Home Finance"),
        ),
    ),
    "auto_loan": Topic(
        _("Car loan"),
        _("Which lender gave you a loan or lease for a car?"),
        (
            *("Wayfarer Auto Credit", "Keystone Wheels Finance", "Redbud Motor Credit"),
            *("Longhaul Auto Loans", "Silver Pine Credit Union", "Crossroads Vehicle Leasing"),
            *("Harborline Auto Finance", "Cardinal Car Credit"),
        ),
    ),
    "street": Topic(
        _("Former street"),
        _("At which of these streets did you live at some time?"),
        (
            *("Larkspur Lane", "Ferry Hill Road", "Cooper's Wharf", "Maple Hollow Drive"),
            *("Stonebridge Court", "Windmill Street", "Orchard Bend", "Signal Hill Avenue"),
        ),
    ),
    "county": Topic(
        _("Former county"),
        _("In which of these counties did you live at some time?"),
        (
            *("Alder County", "Pinefield County", "Marlow County", "Trident County"),
            *("Westover County", "Fairhaven County", "Bramble County", "Kingsport County"),
        ),
    ),
    "employer": Topic(
        _("Former employer"),
        _("For which of these employers did you work at some time?"),
        (
            *("Beacon Street Bakery", "Halyard Shipping", "Meadowlark Clinic", "Ironwood Printing"),
            *("Quarry Lane Schools", "Summit Paper Works", "Lantern Bay Hotels", "Fenwick Foods"),
        ),
    ),
    "car": Topic(
        _("Car"),
        _("Which of these cars was registered to you at some time?"),
        (
            *("2009 Calder Estate", "2012 Osprey Hatchback", "2014 Tarn Pickup", "2011 Wren Coupe"),
            *("2016 Moorland Wagon", "2008 Falcon Minivan", "2015 Brook Sedan", "2010 Ridge 4x4"),
        ),
    ),
    "student_loan": Topic(
        _("Student loan"),
        _("Which of these lenders gave you a student loan?"),
        (
            *("Scholars' Fund of Alder", "Campus Bridge Loans", "Graduate Path Lending"),
            *("Quill Education Credit", "Commons Student Finance", "Belltower Loan Trust"),
            *("Ivywall Education Loans", "First Term Lending"),
        ),
    ),
    "card": Topic(
        _("Store card"),
        _("With which of these stores did you open a charge card?"),
        (
            *("Hartwell & Daughters", "Pine and Needle", "The Copper Kettle", "Marlow Outfitters"),
            *("Greystone Hardware", "Lilac Department Store", "Bay Window Homewares"),
            "Trailhead Sports",
        ),
    ),
    "bank": Topic(
        _("Bank"),
        _("With which of these banks did you have a checking account?"),
        (
            *("First Lantern Bank", "Quayside Trust", "Millbrook Savings", "Heron Lake Bank"),
            *("Tallgrass Bank", "Union of the Five Rivers", "Saltmarsh Bank", "Oakgate Trust"),
        ),
    ),
    "utility": Topic(
        _("Electric company"),
        _("Which of these companies delivered electricity to your home at some time?"),
        (
            *("Bright Valley Power", "Tidemill Electric", "Northern Lamp Company"),
            *("Riverbend Light", "Prairie Current", "Highland Power Cooperative"),
            *("Evergreen Grid", "Coastal Electric Works"),
        ),
    ),
}

FILES: tuple[CreditFile, ...] = (
    CreditFile(
        "900550101",
        Behaviour.PASSES,
        {
            "mortgage": "Tidewater Home Lending",
            "auto_loan": "Redbud Motor Credit",
            "street": "Larkspur Lane",
            "county": "Pinefield County",
            "employer": "Halyard Shipping",
            "car": "2012 Osprey Hatchback",
            "card": "Greystone Hardware",
            "bank": "Heron Lake Bank",
            "utility": "Riverbend Light",
        },
    ),
    CreditFile(
        "900550102",
        Behaviour.PASSES,
        {
            "auto_loan": "Cardinal Car Credit",
            "street": "Windmill Street",
            "county": "Trident County",
            "employer": "Meadowlark Clinic",
            "car": "2015 Brook Sedan",
            "student_loan": "Campus Bridge Loans",
            "card": "Lilac Department Store",
            "bank": "Quayside Trust",
        },
    ),
    CreditFile(
        "900550103",
        Behaviour.PASSES,
        {
            "mortgage": "Juniper Home Finance",
            "street": "Signal Hill Avenue",
            "county": "Westover County",
            "employer": "Ironwood Printing",
            "car": "2014 Tarn Pickup",
            "student_loan": "Belltower Loan Trust",
            "bank": "Saltmarsh Bank",
            "utility": "Evergreen Grid",
        },
    ),
    CreditFile(
        "900550200",
        Behaviour.FAILS_QUESTIONS,
        {
            "mortgage": "Copperleaf Mortgage",
            "auto_loan": "Longhaul Auto Loans",
            "street": "Orchard Bend",
            "county": "Bramble County",
            "employer": "Fenwick Foods",
            "car": "2010 Ridge 4x4",
            "card": "Trailhead Sports",
            "bank": "Tallgrass Bank",
            "utility": "Prairie Current",
        },
    ),
    CreditFile("900550300", Behaviour.NOT_FOUND),
    CreditFile("900550400", Behaviour.THIN_FILE),
    CreditFile("900550500", Behaviour.TIMEOUT),
    CreditFile("900550600", Behaviour.GARBAGE),
    CreditFile("900550700", Behaviour.DOWN),
)
