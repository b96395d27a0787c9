"""benchmarks: one file a question, each run as `sayso bench NAME`."""
