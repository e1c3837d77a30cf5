import subprocess
import sys


def test_every_module_of_the_engine_works_where_django_cannot_be_imported() -> None:
    code = (
        "import pkgutil, sys; from importlib import import_module\n"
        "sys.modules['django'] = None\n"
        "import metrics_lab.engine as engine\n"
        "found = [m.name for m in pkgutil.walk_packages(engine.__path__, engine.__name__ + '.')]\n"
        "[import_module(name) for name in found]\n"
        "assert 'metrics_lab.engine.catalogue.metrics' in found\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
