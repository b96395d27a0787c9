"""models.gaze: what is measured of eyes, and how it is smoothed."""
