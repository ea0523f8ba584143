"""Every combination of answers is looked at once, the primary one first, and the label that they give together (DESIGN 3.2)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ikeaudit.exchange.choices import MAX_RUNS, Answer, Choices, Option, Weight, explore
from ikeaudit.exchange.replay import _answers, _judge
from ikeaudit.exchange.run import Run

Ask = Callable[[Choices], object]


def two(words: str, weight: Weight = "weak") -> list[Option[bool]]:
    return [Option(True, words), Option(False, f"not {words}", weight)]


def test_one_option_is_no_question() -> None:
    choices = Choices()
    assert choices.pick([Option(7, "seven")]) == 7 and choices.taken == []


def test_an_answer_tells_its_words_and_its_weight_unless_it_is_the_first() -> None:
    options = [Option(1, "one", "tie"), Option(2, "two", "unknown"), Option(3, "three")]
    for index, weight in enumerate(("primary", "unknown", "weak")):
        choices = Choices((index,))
        assert choices.pick(options) == index + 1
        assert choices.taken == [Answer(index, 3, ("one", "two", "three")[index], weight)]  # type: ignore[arg-type]
    assert Choices().primary and not Choices((0,)).primary


def test_all_combinations_each_once() -> None:
    def ask(choices: Choices) -> tuple[bool, int, bool | None]:
        one, other = choices.pick(two("a")), choices.pick([Option(n, str(n)) for n in range(3)])
        return one, other, choices.pick(two("c")) if one else None

    found = [result for result, _ in explore(ask)]
    assert found[0] == (True, 0, True)
    expected = {(True, n, last) for n in range(3) for last in (True, False)} | {(False, n, None) for n in range(3)}
    assert set(found) == expected and len(found) == len(expected)
    assert all(len(taken) == (3 if result[0] else 2) for result, taken in explore(ask))


def test_there_is_an_end_to_it() -> None:
    assert MAX_RUNS == 256
    assert len([*explore(lambda choices: [choices.pick(two(str(n))) for n in range(8)])]) == 256
    many = [result for result, _ in explore(lambda choices: [choices.pick(two(str(n))) for n in range(9)])]
    assert len(many) == 256 and many[0] == [True] * 9


def test_runs_are_told_apart_by_their_answers_up_to_the_last_that_is_not_primary() -> None:
    def taken(*indices: int) -> list[Answer]:
        return [Answer(index, 2, "", "weak" if index else "primary") for index in indices]

    assert [_answers(taken(*one)) for one in ((), (0,), (0, 1, 0), (1, 0, 0), (1, 1))] == [
        (), (), (0, 1), (1,), (1, 1)
    ]  # fmt: skip


def judged(ask: Callable[[Choices], str], *, assumed: bool = False, where: str = "") -> tuple[str, str]:
    """The verdict on a replay that ends as ``ask`` says: an outcome, or ``down MM1``, ``down MM5``."""

    def once(choices: Choices) -> Run:
        run = Run(choices)
        run.outcome, _, failed = ask(choices).partition(" ")  # type: ignore[assignment]
        run.failed_at = failed or None  # type: ignore[assignment]
        if assumed:
            run.assume("a rule that was inferred")
        return run

    return _judge(list(explore(once)))


@pytest.mark.parametrize(
    ("weight", "other", "label"),
    [
        ("weak", "up", ("up", "certain")), ("weak", "down MM1", ("up", "probable")), ("weak", "unknown", ("up", "probable")),
        ("tie", "up", ("up", "certain")), ("tie", "down MM1", ("up", "unpredictable")),
        ("unknown", "up", ("up", "certain")), ("unknown", "down MM1", ("unknown", "unknown")),
        ("unknown", "unknown", ("unknown", "unknown")),
    ],
)  # fmt: skip
def test_one_question(weight: Weight, other: str, label: tuple[str, str]) -> None:
    assert judged(lambda choices: "up" if choices.pick(two("a", weight)) else other) == label


def test_of_a_certain_outcome_and_one_that_was_inferred() -> None:
    assert judged(lambda _: "up") == ("up", "certain")
    assert judged(lambda _: "up", assumed=True) == ("up", "probable")
    assert judged(lambda _: "unknown") == ("unknown", "unknown")
    assert judged(lambda choices: "up" if choices.pick(two("a", "tie")) else "down", assumed=True) == (
        "up",
        "unpredictable",
    )


def test_where_only_the_place_of_the_failure_is_not_known() -> None:
    assert judged(lambda c: "down MM1" if c.pick(two("a", "unknown")) else "down MM5") == ("down", "unknown")
    assert judged(lambda c: "down MM1" if c.pick(two("a")) else "down MM5") == ("down", "probable")


def test_two_questions_together() -> None:
    def both(first: Weight, second: Weight) -> tuple[str, str]:
        def ask(choices: Choices) -> str:
            one, other = choices.pick(two("a", first)), choices.pick(two("b", second))
            return "up" if one or other else "down"

        return judged(ask)

    assert both("tie", "tie") == ("up", "unpredictable")
    assert both("tie", "weak") == ("up", "probable")
    assert both("weak", "unknown") == ("up", "probable")
    assert both("unknown", "unknown") == ("unknown", "unknown")


def test_a_fact_that_matters_in_an_unlikely_reading_only() -> None:
    """The primary reading does not rest on it: the verdict stays, no more than probable."""

    def ask(choices: Choices) -> str:
        likely = choices.pick(two("a"))
        fact = choices.pick(two("b", "unknown"))
        return "up" if likely or fact else "down"

    assert judged(ask) == ("up", "probable")


def test_an_unpredictable_verdict_stays_so_beside_an_unlikely_reading() -> None:
    def ask(choices: Choices) -> str:
        order, likely = choices.pick(two("a", "tie")), choices.pick(two("b"))
        return "up" if order and likely else "down"

    assert judged(ask) == ("up", "unpredictable")
