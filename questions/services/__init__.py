"""Writing the bank: one module for each noun."""
