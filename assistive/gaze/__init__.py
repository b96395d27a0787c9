"""assistive.gaze: the way of the gaze through the application: its device, its calibration, what keeps it true."""
