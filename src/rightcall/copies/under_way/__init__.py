"""What is being done with copies right now: a backup that is written, a drill that runs."""
