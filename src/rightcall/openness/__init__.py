"""What a controller tells everybody of how it does: what people answered, how fast requests were met, what was let go, what was
set aside, what went wrong. Counted from what runs, never filled in; and nobody can be found by it."""
