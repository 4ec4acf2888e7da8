"""What became of each thing that is held, in one package."""
