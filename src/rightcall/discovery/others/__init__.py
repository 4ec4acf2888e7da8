"""What the records about a person tell of others: covered in a copy, and left where it lies when the person is erased."""
