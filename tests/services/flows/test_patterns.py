"""The patterns of input nodes."""

import pytest

from services.flows.patterns import LONGEST_PATTERN, LONGEST_VALUE, fits, wrong_with


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("[A-Z0-9]{6,12}", "XK4411"),
        (r"0x[0-9A-Fa-f]{8}", "0x8004010F"),
        (r"(\d{1,3}\.){3}\d{1,3}", "192.168.1.20"),
        (r"([0-9A-F]{2}:){5}[0-9A-F]{2}", "00:1A:2B:3C:4D:5E"),
        (r"[\w.]+@[\w-]+\.\w+", "kim@acme.example"),
        (r"(INC|REQ)-?\d+", "INC-204"),
    ],
)
def test_what_people_ask_for_is_allowed(pattern: str, value: str) -> None:
    assert wrong_with(pattern) is None
    assert fits(pattern, value)
    assert not fits(pattern, value + "!")


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(a|a)*b",
        "(a|aa)+b",
        "(.*)*x",
        "a?" * 30 + "a" * 30,
        ".*.*.*.*=",
        r"(?=(\d+)+x)\d",
        "((a{0,99}){0,99})*",
    ],
)
def test_what_could_run_for_minutes_is_refused(pattern: str) -> None:
    assert "minutes" in (wrong_with(pattern) or "")


@pytest.mark.parametrize("pattern", ["(", "[a", "*", "a{99999999999}", "[[a]", r"(?P<n>", "\\"])
def test_what_is_no_expression_is_refused(pattern: str) -> None:
    assert "no regular expression" in (wrong_with(pattern) or "")


def test_length_has_a_limit_for_patterns_and_for_values() -> None:
    assert "longer" in (wrong_with("a" * (LONGEST_PATTERN + 1)) or "")
    assert fits("a*", "a" * LONGEST_VALUE)
    assert not fits("a*", "a" * (LONGEST_VALUE + 1))


def test_without_a_pattern_anything_but_nothing_fits() -> None:
    assert fits(None, "anything at all")
    assert not fits(None, " \t")
