"""models.language: proposals for what the person may want to write next."""
