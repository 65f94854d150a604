"""Tests mirror the code; services/ starts what they need."""
