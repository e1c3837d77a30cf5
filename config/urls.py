"""The site's addresses, one app after the other. Every route has a name."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import TemplateView

from config import api_urls, errors, health, styleguide

handler400 = "config.errors.bad_request"
handler404 = "django.views.defaults.page_not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("", TemplateView.as_view(template_name="pages/home.html"), name="home"),
    path("questions/", include("questions.urls")),
    path("lab/", include("metrics_lab.urls")),
    path("", include("coach.urls")),  # practice/, desk/, and what a university assigns
    path("universities/", include("universities.urls")),
    path("account/", include("accounts.urls")),
    path("account/", include("allauth.urls")),
    path("api/v1/", include(api_urls)),
    re_path(r"^api/", errors.api_not_found, name="api-not-found"),
    path("about/", include("config.about_urls")),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("healthz", health.healthz, name="healthz"),
    path(settings.ADMIN_PATH, admin.site.urls),
]
