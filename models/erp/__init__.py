"""models.erp: event-related potentials: from epochs of EEG to how likely a flash was the one that was meant."""
