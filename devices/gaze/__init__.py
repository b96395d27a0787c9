"""devices.gaze: where the person looks."""
