"""A chart of a page as a file to keep, by a plain link."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse

from metrics_lab.charts.standalone import standalone

AS = "as"
SVG = "svg"


def wants_svg(request: HttpRequest) -> bool:
    """Say whether the address asks for the chart as a file."""
    return request.GET.get(AS) == SVG


def svg_url(request: HttpRequest, **more: str) -> str:
    """Return this address with everything typed, asking for a chart as a file."""
    query = {**request.GET.dict(), **more, AS: SVG}
    return f"{request.path}?{urlencode({name: value for name, value in query.items() if value})}"


def svg_response(svg: str | None, title: str, name: str) -> HttpResponse:
    """Return a chart as an SVG file; Http404 where the page draws none."""
    if not svg:
        raise Http404("There is no such chart.")
    headers = {"Content-Disposition": f'attachment; filename="{name}.svg"'}
    return HttpResponse(standalone(svg, title), content_type="image/svg+xml", headers=headers)
