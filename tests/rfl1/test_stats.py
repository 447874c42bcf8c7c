"""The numbers of the account, as a script and as a person read them."""

from tests.rfl1.conftest import Run


def test_what_the_model_has_cost_is_told_where_none_is_set_up(store: str, run: Run) -> None:
    told = run("stats", "--json")
    assert (told.status, told.json["model"]) == (0, {"calls": 0, "tokens": 0, "cost_usd": 0.0, "by_purpose": {}})
    assert "model: never asked" in run("stats").out


def test_the_handle_time_says_what_it_counts(store: str, run: Run) -> None:
    assert "handle time, from the start until passed on or resolved: - median, - mean" in run("stats").out
    assert "until it was passed on" in " ".join(run("stats", "--help").out.split())
