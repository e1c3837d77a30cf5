"""about/: pages about the site itself."""

from django.urls import path
from django.views.generic import TemplateView

urlpatterns = [
    path("privacy/", TemplateView.as_view(template_name="pages/privacy.html"), name="privacy"),
]
