"""devices: hardware in, typed samples out. Knows nothing of models, calibration or the application."""
