import subprocess
import sys


def test_the_engine_works_where_django_cannot_be_imported() -> None:
    code = (
        "import sys; sys.modules['django'] = None\n"
        "from metrics_lab.engine import baseline, evaluation, experiment, priority\n"
        "from metrics_lab.engine import scenario, units\n"
        "from metrics_lab.engine.claim import check\n"
        "from metrics_lab.engine import kpi_evaluation, lesson_figures, quiz, relations\n"
        "from metrics_lab.engine import search, working\n"
        "from metrics_lab.engine import cohort, cohort_file, export, ranking\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
