"""The Rules of Behavior, as data: one line a rule, grouped as on the page."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

VERSION = "2013-07-24"


@dataclass(frozen=True)
class Group:
    """Rules under one heading."""

    heading: Any
    rules: tuple[Any, ...]
    introduction: Any = ""


CONSEQUENCES = Group(
    _("What may follow when somebody breaks the rules"),
    (
        _("access is suspended"),
        _("access to information, systems or buildings is taken away"),
        _("a reprimand"),
        _("the end of the employment"),
        _("removal or debarment from work on federal contracts or projects"),
        _("fines"),
        _("prosecution, which can end in prison"),
    ),
)

UNDERSTAND = Group(
    _("I understand that"),
    (
        _("I use information and systems as policies, standards and laws demand"),
        _("use for anything but my assigned duties follows the policy on personal use"),
        _("entering information or systems without authorization is forbidden"),
        _("I have to keep sensitive information from being disclosed or changed by others"),
    ),
)

MUST = (
    Group(
        _("I must: security in general"),
        (
            _("follow the security practices at my workplace and away from it"),
            _("answer for what I do with information and systems"),
            _("install or use only software that is authorized, licensed, approved and harmless"),
            _("wear my badge, except while it opens a system in a federal building"),
            _("lock my workstation and take my identity card with me when I leave it"),
            _("use the identifiers and cards that were given to me"),
            _("be trained in security before my first access and every year, and for my role"),
            _("let only authorized people use equipment and software of the agency"),
            _("protect information, equipment, personal and health data and records from misuse"),
            _("report lost equipment and suspected incidents to the help desk at once"),
            _("tell personnel security before taking government equipment abroad"),
            _("stay aware of the risk in links of mails and text messages"),
            _("reach information and systems in approved ways only"),
        ),
    ),
    Group(
        _("I must: privacy"),
        (
            _("expect no privacy of my own on computers, networks and mail of the agency"),
            _("collect data from the public only as my duties and the privacy laws allow"),
            _("give information to the public and the media only within my duties and the law"),
            _("leave records about people alone unless my duties need them"),
            _("use personal and health data only for the purpose stated when collected"),
            _("keep personal data accurate, relevant, current and complete, to be fair to people"),
        ),
    ),
    Group(
        _("I must: sensitive information"),
        (
            _("keep credentials to myself and never share an account"),
            _("lock sensitive information away, on paper or screen, when nobody attends to it"),
            _("keep it out of the sight of visitors"),
            _("wipe or destroy media and papers as the records rules say when they are done with"),
            _("look at it only when my work needs it"),
            _("protect it at all times, for instance by encryption, at rest and on its way"),
        ),
    ),
)

MUST_NOT = Group(
    _("I must not"),
    (
        _("break policies, or lead others to break them"),
        _("go around safeguards or reconfigure systems without authorization"),
        _("use somebody else's account, password or card, or lend mine"),
        _("carry data or equipment out of the premises without authorization"),
        _("threaten, harass, intimidate or abuse others by means of these systems"),
        _("go further into sensitive information than I am authorized to"),
        _("share sensitive information unless authorized and under a formal agreement"),
        _("move, mail or download sensitive information without permission and safeguards"),
        _("use sensitive information for another purpose than the authorized one"),
        _("open information for purposes that are not authorized"),
        _("use data for my own profit, or to pretend to be somebody or to speak for the agency"),
        _("keep sensitive information in public folders or other unsafe places"),
        _("hide, remove, damage, falsify or destroy information"),
        _("copy or spread works of others without permission of their owners"),
        _("change or install software without approval"),
        _("do official business with equipment or services that are not authorized"),
        _("reach sensitive information from a system without these protections"),
    ),
)

PROTECTIONS = Group(
    _("Protections that such a system must have"),
    (
        _("current antivirus software"),
        _("anti-spyware and a personal firewall"),
        _("a time-out of at most 30 minutes on remote access"),
        _("approved encryption of sensitive information on media and on its way"),
    ),
)

PERSONAL_USE = Group(
    _("Personal use that is forbidden"),
    (
        _("anything unethical or illegal"),
        _("sending or posting obscene or offensive material"),
        _("chain letters, unwanted mail, and newsletters nobody approved"),
        _("messages for partisan politics that the Hatch Act restricts"),
        _("business or any activity for profit"),
        _("peer-to-peer software, except tools approved in writing"),
        _("viewing, sending or printing sexual or otherwise offensive content"),
        _("websites or services of my own that nobody approved"),
        _("private use that burdens systems or colleagues, such as large private files"),
        _("games and gambling"),
        _("posting agency information in public forums without authority"),
    ),
)

PRIVILEGED = (
    Group(
        _("With elevated rights I must"),
        (
            _("protect the passwords and codes of my privileged accounts"),
            _("meet the duties of system and network administrators"),
            _("use privileged accounts for official administration only"),
            _("tell the system owners as soon as I need the rights no longer"),
            _("finish the special training before I get the rights"),
        ),
    ),
    Group(
        _("With elevated rights I must not"),
        (
            _("share privileged accounts or their passwords"),
            _("install, change or remove hardware or software without the owner's written consent"),
            _("remove or destroy audit, security or event logs"),
            _("get, keep, trade or use tools that break security controls"),
            _("bring unauthorized or malicious code into systems or networks"),
            _("write, build, store or pass on malicious code"),
            _("use privileged accounts for everyday messages"),
            _("raise anybody's rights without the owner's consent"),
            _("use my rights to get around policies or controls"),
            _("use a privileged account on the web except for administration"),
            _("change security settings without consent of the administrator or owner"),
        ),
    ),
)

FOR_EVERYBODY = (CONSEQUENCES, UNDERSTAND, *MUST, MUST_NOT, PROTECTIONS, PERSONAL_USE)
GROUPS = (*FOR_EVERYBODY, *PRIVILEGED)
