"""Continuations as a tree: what may follow, and what may follow that."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.language.continuations import continuation_tree
from models.language.finder import Finder
from models.language.messages import ContinuationNode, ProposalRequest, Speaker, Steering, Turn
from models.language.partial import fold

FOUND = [
    ("to", 0.5),
    ("to the", 0.45),
    ("to the park", 0.2),
    ("to the park.", 0.15),
    ("to the beach", 0.1),
    ("home", 0.2),
    ("Home,", 0.01),
    ("home, please.", 0.03),
]
DEPTH = 3


def texts(nodes: tuple[ContinuationNode, ...]) -> list[str]:
    return [node.text for node in nodes]


def check(nodes: tuple[ContinuationNode, ...], breadth: int, depth: int, most: float = 1.0) -> None:
    assert len(nodes) <= breadth
    assert depth > 0 or not nodes
    assert [n.probability for n in nodes] == sorted((n.probability for n in nodes), reverse=True)
    keys = [fold(node.text.strip(", ")) for node in nodes]
    assert len(set(keys)) == len(keys)
    for node in nodes:
        assert node.text.strip()
        assert node.probability <= most + 1e-6
        check(node.children, breadth, depth - 1, node.probability)


def test_a_branch_goes_on_while_it_is_sure() -> None:
    to, home = continuation_tree(FOUND, 4, DEPTH)
    assert (to.text, to.probability) == ("to the", 0.45)
    assert texts(to.children) == ["park", "beach"]
    assert texts(to.children[0].children) == ["."]
    assert (home.text, home.probability) == ("home", 0.2)
    assert [(node.text, node.children) for node in home.children] == [(", please.", ())]


def test_breadth_and_depth_are_kept() -> None:
    assert texts(continuation_tree(FOUND, 1, 1)) == ["to the"]
    assert continuation_tree(FOUND, 1, 1)[0].children == ()
    assert (
        continuation_tree(FOUND, 0, 3) == continuation_tree(FOUND, 3, 0) == continuation_tree([], 3, 3) == ()
    )


@given(
    st.lists(st.tuples(st.text(alphabet="abB ,.?'", min_size=1, max_size=12), st.floats(0.0, 1.0))),
    st.integers(0, 4),
    st.integers(0, 4),
)
def test_any_phrases_make_a_tree(found: list[tuple[str, float]], breadth: int, depth: int) -> None:
    check(
        continuation_tree([(text, p / max(1, len(found))) for text, p in found], breadth, depth),
        breadth,
        depth,
    )


def test_the_real_model_offers_a_tree_beside_its_words(finder: Finder) -> None:
    turns = (Turn(Speaker.PARTNER, "What do you want to do today?"),)
    found = finder.find(ProposalRequest(1, 0.0, "I want to ", turns, breadth=4, depth=DEPTH))
    check(found.tree, 4, DEPTH)
    assert len(found.tree) == 4
    assert any(child.children for node in found.tree for child in node.children)
    assert {node.text.split()[0] for node in found.tree} <= {word.word for word in found.words}
    banned = finder.find(
        ProposalRequest(1, 0.0, "I want to ", turns, breadth=4, steering=Steering(banned=("go",)))
    )
    assert "go" not in texts(banned.tree)
    assert finder.find(ProposalRequest(1, 0.0, "I want to ", turns, n_phrases=3)).tree == ()
