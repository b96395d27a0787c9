"""assistive.eeg: the way of EEG through the application: what flashes, what it says, its calibration, its consent."""
