"""What a person says of a link: it is right, it is not, it was wrong after all. Every step is taken back by another, and none is
forgotten."""
