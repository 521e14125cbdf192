"""Match review: which work of a provider a series is, where people decide it or look at it."""
