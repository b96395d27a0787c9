"""assistive.simulate: people made of data, who use the real engine."""
