"""lab/: the catalogue of metrics."""

from django.urls import path

from metrics_lab.views import catalogue

urlpatterns = [
    path("", catalogue.home, name="lab-home"),
    path("metrics/<slug:metric_id>/", catalogue.metric, name="lab-metric"),
]
