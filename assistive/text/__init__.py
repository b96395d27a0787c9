"""assistive.text: the text, its undo, and the journal that never loses it."""
