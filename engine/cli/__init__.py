"""The verbs of the sunlit command."""
