"""assistive.ui: the only room that knows Qt."""
