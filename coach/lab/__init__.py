"""The lab of one attempt: the case's KPI tree, filled with what the student has been given."""
