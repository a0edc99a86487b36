"""Words that every layer speaks: times, addresses, errors, limits."""
