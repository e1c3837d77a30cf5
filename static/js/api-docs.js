// Draws the API's description from its OpenAPI document: [data-api-docs][data-schema].
const place = document.querySelector("[data-api-docs]");

if (place && window.SwaggerUIBundle) {
  place.replaceChildren();
  window.SwaggerUIBundle({
    url: place.dataset.schema,
    domNode: place,
    deepLinking: true,
    defaultModelsExpandDepth: -1,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    validatorUrl: null,
  });
}
