"""How many people a test needs, and what a test of a given size can see.

All sizes are per arm, for equal arms. Nothing here is sampled or looked up: power is enumerated,
error rates of repeated looks are integrated.
"""

from metrics_lab.engine.experiment.effects import (
    detectable_difference,
    detectable_mean,
    detectable_rate,
)
from metrics_lab.engine.experiment.exact import exact_power, power_at, true_power
from metrics_lab.engine.experiment.figure import OwnFigure, judge, judge_rates
from metrics_lab.engine.experiment.guardrails import (
    Guardrail,
    GuardrailSize,
    guardrail_sizes,
    non_inferiority_size,
    power_each,
    power_together,
)
from metrics_lab.engine.experiment.levels import ExperimentError, Levels
from metrics_lab.engine.experiment.looks import Bounds, error_of_looks, obrien_fleming, pocock
from metrics_lab.engine.experiment.means import (
    Ratio,
    mean_forms,
    mean_power,
    mean_size,
    ratio_forms,
    student_power,
)
from metrics_lab.engine.experiment.planning import (
    Length,
    Plan,
    length_of,
    plan,
    plan_of,
    seen_means,
    seen_rates,
    weeks_needed,
    weeks_shown,
)
from metrics_lab.engine.experiment.sizes import (
    Form,
    arcsine_size,
    baseline_size,
    forms_of,
    pooled_size,
    published_forms,
    rule_of_sixteen,
    sixteen_at_baseline,
    unpooled_size,
)

__all__ = [
    "Bounds",
    "ExperimentError",
    "Form",
    "Guardrail",
    "GuardrailSize",
    "Length",
    "Levels",
    "OwnFigure",
    "Plan",
    "Ratio",
    "arcsine_size",
    "baseline_size",
    "detectable_difference",
    "detectable_mean",
    "detectable_rate",
    "error_of_looks",
    "exact_power",
    "forms_of",
    "guardrail_sizes",
    "judge",
    "judge_rates",
    "length_of",
    "mean_forms",
    "mean_power",
    "mean_size",
    "non_inferiority_size",
    "obrien_fleming",
    "plan",
    "plan_of",
    "pocock",
    "pooled_size",
    "power_at",
    "power_each",
    "power_together",
    "published_forms",
    "ratio_forms",
    "rule_of_sixteen",
    "seen_means",
    "seen_rates",
    "sixteen_at_baseline",
    "student_power",
    "true_power",
    "unpooled_size",
    "weeks_needed",
    "weeks_shown",
]
