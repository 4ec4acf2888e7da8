"""Why somebody used what is held about a person, as they said it."""
