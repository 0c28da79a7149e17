"""What other tools know about texts: codebooks, selections with their codes, and who the cases are."""
