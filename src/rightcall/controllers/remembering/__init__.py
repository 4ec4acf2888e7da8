"""How what a controller remembers is forgotten: page by page, and nothing before its time."""
