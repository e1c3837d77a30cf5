"""Retention by cohort, and the tables it is read from."""
