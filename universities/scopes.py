"""What an API key may be allowed to do."""

from django.db import models


class Scope(models.TextChoices):
    """One scope is one kind of access; a key holds the ones it was given."""

    QUESTIONS_READ = "questions:read", "Read the question bank"
    MEMBERS_READ = "members:read", "Read members"
    COHORTS_READ = "cohorts:read", "Read cohorts"
    COHORTS_WRITE = "cohorts:write", "Create cohorts and change who is in them"
    ASSIGNMENTS_READ = "assignments:read", "Read assignments"
    ASSIGNMENTS_WRITE = "assignments:write", "Create assignments"
    SUBMISSIONS_READ = "submissions:read", "Read what was submitted"
    RESULTS_READ = "results:read", "Read released results"
    LAB_COMPUTE = "lab:compute", "Compute in the metrics lab"
