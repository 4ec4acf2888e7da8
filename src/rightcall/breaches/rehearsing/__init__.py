"""What a leak would mean, asked before anything happened: weighed by the worker as a breach is, and kept for a week."""
