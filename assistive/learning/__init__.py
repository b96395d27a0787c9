"""assistive.learning: what there is to learn from: the choices of the person, kept with their consent."""
