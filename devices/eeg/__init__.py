"""devices.eeg: amplifiers over LSL, and recordings that are played as one."""
