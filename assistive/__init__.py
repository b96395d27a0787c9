"""assistive: the application. Evidence becomes belief, belief a selection, a selection text, text a voice."""

__version__ = "0.1.0"
