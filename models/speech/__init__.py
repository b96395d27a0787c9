"""models.speech: text in, sound out."""
