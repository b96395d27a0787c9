"""models.language.abbreviation: sentences that an abbreviation may stand for."""
