"""models.language.safety: phrases that could hurt if they were spoken unasked."""
