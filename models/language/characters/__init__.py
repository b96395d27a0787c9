"""models.language.characters: how likely each next character is."""
