"""calibration: fitting devices and models to one person."""
