"""assistive.fusion: evidence becomes belief, belief becomes a selection."""
