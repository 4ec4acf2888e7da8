"""Recipients are told of an erasure (GDPR Art. 19), each answers, and it is known who was told when and by whom."""
