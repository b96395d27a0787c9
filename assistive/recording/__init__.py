"""assistive.recording: what the person did, kept with their consent, and done again to the same text."""
