"""The pages: Flask, Jinja, htmx; one module per audience."""
