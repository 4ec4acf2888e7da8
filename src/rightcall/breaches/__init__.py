"""If a system leaks: who is affected, by which sorts of data, how badly, under whose law; the clock of 72 hours, and drafts for
the authority and the people (GDPR Art. 33 and 34). From the data map, never from what leaked."""
