"""Findings: one small function per rule."""
