"""What the model is shown of earlier conversations: exchanges with the partner, and sentences beside them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistive.conversation import EXCHANGE_TURNS, N_EXCHANGES, RECENT_TURNS, Conversation
from models.language.messages import Speaker, Turn

TURNS = st.lists(
    st.builds(Turn, st.sampled_from(Speaker), st.text("abc ?", min_size=1, max_size=12)), max_size=120
)


def talk(*texts: str) -> list[Turn]:
    """The partner begins a line with "?"."""
    return [Turn(Speaker.PARTNER, text[1:]) if text[0] == "?" else Turn(Speaker.ME, text) for text in texts]


LATER = talk(*["?Well?", "Yes."] * (RECENT_TURNS // 2))


def test_an_exchange_begins_with_the_partner_and_holds_an_answer() -> None:
    earlier = talk("I am on my own", "?Tea?", "Yes, please.", "With milk.", "?Here.", "Thank you very much.")
    later = talk("?Are you cold?", "?Hello?", "A little.", "That is better now.")
    exchanges = Conversation(earlier + later + LATER).exchanges()
    assert exchanges == (tuple(earlier[1:]), tuple(later))


def test_what_stands_in_an_exchange_is_no_example_as_well() -> None:
    talked = talk("I am on my own", "?Tea?", "Yes please with milk.")
    assert Conversation(talked + LATER).examples() == ("I am on my own",)


def test_without_a_partner_the_sentences_are_examples() -> None:
    alone = Conversation(talk(*["I am on my own", "So what is new"] * 20))
    assert alone.exchanges() == ()
    assert alone.examples() == ("I am on my own", "So what is new")


@given(turns=TURNS)
def test_exchanges_are_parts_of_what_was_said(turns: list[Turn]) -> None:
    exchanges = Conversation(turns).exchanges()
    assert len(exchanges) <= N_EXCHANGES
    for exchange in exchanges:
        assert 2 <= len(exchange) <= EXCHANGE_TURNS
        assert exchange[0].speaker is Speaker.PARTNER
        assert any(turn.speaker is Speaker.ME for turn in exchange)
        assert any(tuple(turns[i : i + len(exchange)]) == exchange for i in range(len(turns)))
