"""The record of processing activities (GDPR Art. 30), generated each time from what runs: the register of purposes and their
reviews, what is held and where, who used it. Only what no system can know is declared here: who answers for it, and who receives
data."""
