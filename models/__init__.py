"""models: everything learned from data, and the weights it needs."""
