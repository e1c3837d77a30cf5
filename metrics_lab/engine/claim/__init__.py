"""Read a claim about a case's figures and check it, naming the error where there is one."""

from metrics_lab.engine.claim.check import check
from metrics_lab.engine.claim.model import ClaimModel
from metrics_lab.engine.claim.result import ClaimCheck, worst

__all__ = ["ClaimCheck", "ClaimModel", "check", "worst"]
