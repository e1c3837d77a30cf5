"""/api/v1/lab, one module an operation."""
