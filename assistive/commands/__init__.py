"""assistive.commands: one module a command line verb, each with `add_arguments` and `run`."""
