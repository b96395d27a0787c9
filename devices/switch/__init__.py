"""devices.switch: what the person presses."""
