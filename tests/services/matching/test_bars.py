from collections.abc import Iterable
from dataclasses import replace

import pytest

from services.flows.nodes import Flow
from services.matching.index import Index
from tests.services.matching.library import FLOWS, flow


def bold(flows: Iterable[Flow]) -> Index:
    """It starts what a library of its size would only suggest: what is asked here is what bars a start."""
    index = Index.build(flows)
    return index.fitted(replace(index.fit, match=0.5))


@pytest.fixture(scope="module")
def index() -> Index:
    return bold(FLOWS)


@pytest.mark.parametrize(
    "text",
    [
        "excel spreadsheet read-only, all files are encrypted",
        "read-only spreadsheet, excel, ransomware",
        "excel spreadsheet read-only, spreadsheet.locked",
        "laptop battery is draining and smoking",
        "laptop battery swollen, draining",
        "forgotten password, I think I was hacked",
    ],
)
def test_an_incident_is_never_started_as_a_harmless_flow(index: Index, text: str) -> None:
    verdict = index.match(text)
    assert (verdict.decision, verdict.barred) == ("suggest", "incident")
    assert verdict.candidates


@pytest.mark.parametrize(
    "text",
    [
        "order a label printer",
        "we want to buy another projector for the meeting room",
        "create a guest network voucher for a visitor",
        "quote for a receipt printer for the till",
        "change the voicemail greeting for a new hire",
        "how many licences are there, vpn times out",
        "how many of our licences can the label printer have",
        "what would you charge for a receipt printer at the till",
    ],
)
def test_a_request_is_suggested_at_most(index: Index, text: str) -> None:
    verdict = index.match(text)
    assert (verdict.decision, verdict.barred) == ("suggest", "request")


@pytest.mark.parametrize("text", ["smoke is coming out of the vending machine", "we want to order sandwiches"])
def test_nothing_near_stays_nothing(index: Index, text: str) -> None:
    verdict = index.match(text)
    assert (verdict.decision, verdict.barred) == ("none", None)


@pytest.mark.parametrize(
    "text",
    [
        "in order to print: the office printer is offline",
        "the label printer skips labels when I print purchase orders",
        "I cannot create a guest network voucher for the visitor",
        "spreadsheet is locked, read-only",
        "the firewall team says the vpn times out connecting",
    ],
)
def test_harmless_turns_of_phrase_bar_nothing(index: Index, text: str) -> None:
    verdict = index.match(text)
    assert verdict.barred is None
    assert verdict.decision == "matched"


def test_a_flow_named_after_the_incident_or_the_request_may_start() -> None:
    index = bold(
        [
            flow("ransom", "Ransomware: first steps", "ransomware, encrypted files", "Unplug the network."),
            flow("starter", "New starter: account and laptop", "new starter", "Ask for the form."),
            *FLOWS,
        ]
    )
    assert index.match("ransomware, encrypted files").decision == "matched"
    assert index.match("account and laptop for a new starter").decision == "matched"
    assert index.match("ransomware, and a new starter account and laptop").barred == "incident"


def test_examples_alone_do_not_lift_a_bar() -> None:
    heard = flow("jam", "Paper jam", "jam", "Open the tray.", examples=("paper jam and smoke",))
    verdict = bold([heard, *FLOWS]).match("paper jam and smoke")
    assert (verdict.decision, verdict.barred) == ("suggest", "incident")


def test_what_is_asked_about_our_charges_is_not_about_a_battery() -> None:
    battery = flow("battery", "Battery not charging", "charge, charging", "Try another charger.")
    verdict = bold([battery, *FLOWS]).match("do you charge for charging the battery")
    assert (verdict.decision, verdict.barred) == ("suggest", "request")
