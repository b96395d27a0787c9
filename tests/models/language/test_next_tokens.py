"""The person is the sampler: tokens are offered, picked, passed over and gone back from."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.language.errors import Cancelled
from models.language.finder import Finder
from models.language.head import Head
from models.language.messages import Speaker, Steering, Token, TokensRequest, Turn
from models.language.pieces import Pieces
from models.language.runtime import BatchToken, Runtime
from models.language.token_text import MOST_MERGED, joined, parted
from models.language.tokens import MOST_PASSED, TokenReader
from models.language.tree import Tree

Read = Callable[[TokensRequest], tuple[tuple[Token, ...], tuple[Token, ...]]]

ASKED = (Turn(Speaker.PARTNER, "What do you want?"),)


@pytest.fixture(scope="module")
def read(finder: Finder) -> Read:
    reader = TokenReader(finder.tree, finder.pieces, finder.runtime)
    return lambda request: reader.read(lambda before: finder.tokens(request, before), request)


@pytest.fixture
def tiny(tiny_runtime: Runtime) -> Read:
    """Reads with a byte-level vocabulary, where most characters are several tokens."""
    texts = tiny_runtime.pieces()
    pieces = Pieces(texts, [t for t, piece in enumerate(texts) if not piece])
    reader = TokenReader(Tree(tiny_runtime), pieces, tiny_runtime)
    return lambda request: reader.read(
        lambda before: tiny_runtime.tokenize(f"Me: {before[-200:]}".rstrip(), start=True), request
    )


def ask(text: str, chosen: tuple[int, ...] = (), **more: object) -> TokensRequest:
    return TokensRequest(1, 0.0, text, ASKED, chosen=chosen, **more)  # type: ignore[arg-type]


def texts(tokens: tuple[Token, ...]) -> list[str]:
    return [token.text for token in tokens]


def check(request: TokensRequest, answer: tuple[tuple[Token, ...], tuple[Token, ...]]) -> None:
    passed, tokens = answer
    assert len(tokens) <= request.n
    assert len(passed) <= MOST_PASSED
    probabilities = [token.probability for token in tokens]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) <= 1.001
    assert len(set(texts(tokens))) == len(tokens)
    for token in (*passed, *tokens):
        assert token.text.strip()
        assert token.text.isprintable()
        assert "\ufffd" not in token.text
        assert 0.0 <= token.probability <= 1.0


def test_a_sentence_is_picked_token_by_token_and_gone_back_from(read: Read) -> None:
    _, first = read(ask(""))
    assert first[0].text == "I"
    _, second = read(ask("", (first[0].number,)))
    assert " want" in texts(second)
    assert all(token.text[0] in " '" for token in second[:3])
    want = second[texts(second).index(" want")]
    _, third = read(ask("", (first[0].number, want.number)))
    assert third[0].text == " to"
    assert read(ask("", (first[0].number,)))[1] == second


def test_what_follows_a_written_space_adds_no_other(read: Read) -> None:
    _, tokens = read(ask("I would like "))
    assert texts(tokens)[:2] == ["to", "a"]
    _, tokens = read(ask("I would like"))
    assert texts(tokens)[:2] == [" to", " a"]


def test_a_probability_is_a_share_of_the_whole_vocabulary(read: Read, finder: Finder) -> None:
    _, tokens = read(ask("I would like "))
    request = ask("")
    node = finder.tree.root(finder.tokens(request, "I would like"), lambda: False)
    assert node.row.probabilities(finder.runtime.tokenize(" to", start=False)[:1])[0] == pytest.approx(
        tokens[0].probability, rel=1e-4
    )


@pytest.mark.parametrize(
    ("typed", "rest"), [("chamom", "ile"), ("some chamomile te", "a"), ("t", "o"), ("wat", "er")]
)
def test_a_typed_part_is_completed_however_it_is_cut(read: Read, typed: str, rest: str) -> None:
    _, tokens = read(ask(f"I would like {typed}"))
    assert tokens[0].text == rest
    assert sum(token.probability for token in tokens) > 0.6
    _, after = read(ask(f"I would like {typed}", (tokens[0].number,)))
    _, same = read(ask(f"I would like {typed}{rest}"))
    assert set(texts(after)[:3]) & set(texts(same)[:3])


def test_a_russian_word_is_completed(read: Read) -> None:
    request = TokensRequest(1, 0.0, "Я хоч", (Turn(Speaker.PARTNER, "Что ты хочешь?"),), language="ru")
    assert read(request)[1][0].text == "у"


def test_what_is_certain_passes_by_itself(read: Read) -> None:
    passed, tokens = read(ask("", pass_at=0.5))
    assert texts(passed) == ["I", " want", " to"]
    assert tokens[0].probability < 0.5
    assert read(ask("", tuple(token.number for token in passed)))[1] == tokens
    assert not read(ask(""))[0]


def test_a_banned_token_leaves_its_place_to_others(read: Read) -> None:
    plain = texts(read(ask("I would like "))[1])
    steering = Steering(banned=("TO", "like some"))
    passed, tokens = read(ask("I would like ", steering=steering, pass_at=0.3))
    assert not passed  # what would pass is banned
    assert texts(tokens)[:6] == [text for text in plain if text not in ("to", "some")]
    assert len(tokens) == len(plain)


def test_a_nudge_changes_the_odds_and_nothing_else(read: Read) -> None:
    plain = {token.text: token.probability for token in read(ask("I would like "))[1]}
    _, tokens = read(ask("I would like ", steering=Steering(nudges=(("Some", 2.0), ("a", -1.0)))))
    assert tokens[0].text == "some"
    nudged = {token.text: token.probability for token in tokens}

    def change(text: str) -> float:
        return nudged[text] / nudged["to"] / (plain[text] / plain["to"])

    assert change("some") == pytest.approx(7.389, rel=0.01)
    assert change("a") == pytest.approx(0.3679, rel=0.01)
    assert change("you") == pytest.approx(1.0, rel=0.01)


def test_picking_costs_one_decode_of_one_token(
    read: Read, finder: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, tokens = read(ask("Could you "))
    sizes = []
    decode = type(finder.runtime).decode

    def counted(runtime: Runtime, batch: list[BatchToken], head: Head | None = None) -> None:
        sizes.append(len(batch))
        decode(runtime, batch, head)

    monkeypatch.setattr(type(finder.runtime), "decode", counted)
    _, after = read(ask("Could you ", (tokens[0].number,)))
    assert sizes == [1]
    read(ask("Could you ", (tokens[0].number, after[0].number)))
    read(ask("Could you ", (tokens[0].number,)))  # going back
    read(ask("Could you "))
    assert sizes == [1, 1]


def test_halves_of_characters_are_never_seen(tiny: Read) -> None:
    request = ask("", n=300)
    answer = tiny(request)
    check(request, answer)
    merged = [token for token in answer[1] if len(token.text.encode()) > 1 and not token.text.isascii()]
    assert merged
    for token in merged[:5]:
        check(request, tiny(ask("", (token.number,), n=300)))


def test_a_cyrillic_word_is_completed_byte_by_byte(tiny: Read) -> None:
    for text in ("п", "при", "привет ми"):
        _, tokens = tiny(ask(text, n=50))
        assert tokens


def test_choices_of_another_vocabulary_are_answered_with_nothing(tiny: Read, tiny_runtime: Runtime) -> None:
    control = tiny_runtime.n_vocab - 1
    for number in (-1, control, 10**30, 10**60):
        assert tiny(ask("", (number,))) == ((), ())
    assert tiny(ask("", n=0)) == ((), ())


def test_a_reading_can_be_given_up(tiny_runtime: Runtime) -> None:
    pieces = Pieces(tiny_runtime.pieces(), [])
    reader = TokenReader(Tree(tiny_runtime), pieces, tiny_runtime)
    with pytest.raises(Cancelled):
        reader.read(lambda _: [1, 2, 3], ask("hello"), lambda: True)


def test_more_choices_than_the_context_holds_are_answered(tiny: Read, tiny_runtime: Runtime) -> None:
    chosen = tuple(tiny_runtime.tokenize("the you like to " * 200, start=False))
    request = ask("", chosen)
    answer = tiny(request)
    check(request, answer)
    assert answer[1]


@given(st.integers(1, 300_000), st.data())
def test_several_tokens_have_one_number(n_vocab: int, data: st.DataObject) -> None:
    tokens = data.draw(st.lists(st.integers(0, n_vocab - 1), min_size=1, max_size=MOST_MERGED))
    assert parted(joined(tokens, n_vocab), n_vocab) == tokens
    assert joined(tokens[:1], n_vocab) == tokens[0]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=12),
    chosen=st.lists(st.integers(0, 400), max_size=3),
    banned=st.lists(st.text(max_size=3), max_size=3),
    pass_at=st.sampled_from([2.0, 0.01, -1.0]),
)
@example(text="ß İ", chosen=[], banned=["\u0301", ""], pass_at=2.0)
@example(text="I_l", chosen=[200], banned=["I"], pass_at=0.0)
def test_anything_is_answered(
    tiny: Read, text: str, chosen: list[int], banned: list[str], pass_at: float
) -> None:
    request = ask(text, tuple(chosen), pass_at=pass_at, steering=Steering(banned=tuple(banned)))
    check(request, tiny(request))


@pytest.mark.parametrize(
    "text", ["", "\n", "👍🏽 ", "❤", "\ud800", "(", "it's -", "مرحبا كيف", "<bos>", "7 ", "--", "п"]
)
def test_odd_text_is_answered(read: Read, text: str) -> None:
    request = ask(text)
    check(request, read(request))


def test_a_hundred_thousand_characters_are_answered(tiny: Read) -> None:
    for piece in ("word ", "م👍\x07", "x", "п"):
        request = ask((piece * 100_000)[:100_000], steering=Steering(banned=(piece * 1000,)))
        check(request, tiny(request))
