"""Charts of the lab: Vega-Lite specifications, drawn as SVG on the server."""
