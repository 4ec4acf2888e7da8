"""What is said in words: numbers, codes, dates and addresses in speech, also over several turns of a conversation."""
