"""about/: pages about the site itself."""

from django.urls import path
from django.views.generic import TemplateView

from config import about

urlpatterns = [
    path("feedback/", about.about_feedback, name="about-feedback"),
    path("privacy/", TemplateView.as_view(template_name="pages/privacy.html"), name="privacy"),
]
