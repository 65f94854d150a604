"""Questions of the pages: one module an audience."""
