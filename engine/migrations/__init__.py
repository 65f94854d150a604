"""The schema's history (Alembic). engine/db/migrate runs it; a revision never changes once released.

There are no downgrades: the way back is a restored backup.
"""
