"""models.language.server: an OpenAI-compatible server as a proposer."""
