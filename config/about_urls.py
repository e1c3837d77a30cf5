"""about/: pages about the site itself."""

from django.urls import path

from config import about

urlpatterns = [
    path("feedback/", about.about_feedback, name="about-feedback"),
    path("privacy/", about.privacy, name="privacy"),
]
