"""assistive.boards: the targets as pure data, and the layouts they come from."""
