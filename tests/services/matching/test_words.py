import pytest

from services.matching.words import TEXT_LIMIT, stem, words


@pytest.mark.parametrize(
    "forms",
    [
        ("print", "prints", "printed", "printing", "printer", "printers"),
        ("connect", "connects", "connected", "connecting", "connection", "connections"),
        ("battery", "batteries"),
        ("freeze", "froze", "frozen", "freezing", "freezes"),
        ("plug", "plugs", "plugged", "plugging"),
        ("install", "installed", "installing", "installation"),
        ("switch", "switches", "switching"),
        ("lock", "locked", "locks", "lockout"),
    ],
)
def test_the_forms_of_a_word_share_a_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("mouse", "mouth"), ("status", "state"), ("port", "portal"), ("0x80070005", "0x8007000e")]
)
def test_different_words_keep_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Wi-Fi wi fi WIRELESS wlan", ["wifi"] * 4),
        ("log in, logging on; sign-in: logon", ["login"] * 4),
        ("I can't, won’t and don't", []),
        ("error 0x80070005!", ["error", "0x80070005"]),
        ("user@example.org", ["example", "org"]),
        ("ＰＲＩＮＴＥＲ Ünïcode", ["printer", "ünïcode"]),
    ],
)
def test_a_text_falls_into_its_telling_words(text: str, folded: list[str]) -> None:
    assert [word.folded for word in words(text)] == folded


def test_a_compound_keeps_the_callers_spelling() -> None:
    assert [word.spelled for word in words("the Wi-Fi and my pass word")] == ["Wi-Fi", "pass word"]


def test_only_the_first_of_a_long_text_is_read() -> None:
    assert len(words("printer " * TEXT_LIMIT)) == TEXT_LIMIT // len("printer ")
