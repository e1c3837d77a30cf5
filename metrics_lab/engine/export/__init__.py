"""Figures on their way out: tables, and workbooks that still compute."""
