"""Sunlit's engine: enforces post separation, legal time limits and the trace. Knows neither web nor queue."""
