"""Evidence: receipts of choices and certificates of erasure, which anyone can check without us."""
