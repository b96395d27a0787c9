"""models.language: what can go wrong with a language model. Free of llama.cpp, so that every process may import it."""


class ModelError(Exception):
    """The model cannot be loaded or cannot answer; the message says why in words for the caregiver."""


class Cancelled(Exception):
    """A newer request has come; what was begun is given up between two decodes."""
