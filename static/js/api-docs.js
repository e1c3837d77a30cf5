// Draws the API's description from its OpenAPI document: [data-api-docs][data-schema].
const place = document.querySelector("[data-api-docs]");

// Swagger UI's own layout brings a second main part and a second title to the page; this one is its list alone.
const plainLayout = (system) => {
  const draw = system.React.createElement;
  const part = (name) => draw(system.getComponent(name, true));
  const Plain = () => draw("div", { className: "swagger-ui" },
    draw(system.getComponent("SvgAssets")),
    draw("div", { className: "scheme-container" }, draw("div", { className: "schemes wrapper" }, part("AuthorizeBtnContainer"))),
    draw("div", { className: "wrapper" }, part("operations")));
  return { components: { Plain } };
};

if (place && window.SwaggerUIBundle) {
  place.replaceChildren();
  window.SwaggerUIBundle({
    url: place.dataset.schema,
    domNode: place,
    deepLinking: false, // its links would stand inside buttons
    defaultModelsExpandDepth: -1,
    presets: [window.SwaggerUIBundle.presets.apis],
    plugins: [plainLayout],
    layout: "Plain",
    validatorUrl: null,
  });
}
