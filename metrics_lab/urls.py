"""lab/: the catalogue of metrics."""

from django.urls import path

from metrics_lab import views

urlpatterns = [
    path("", views.home, name="lab-home"),
    path("metrics/<slug:metric_id>/", views.metric, name="lab-metric"),
]
