"""Personal data as pages show them to those who do not need them whole."""

from __future__ import annotations


def masked(name: str) -> str:
    """Hide the middle of a name: 罗雨平 -> 罗*平, 罗平 -> 罗*."""
    if len(name) < 2:
        return "*"
    return f"{name[0]}*" if len(name) == 2 else f"{name[0]}*{name[-1]}"


def masked_phone(phone: str | None) -> str:
    """Hide the middle of a telephone number: 13800006620 -> 138****6620."""
    digits = "".join(c for c in phone or "" if c.isdecimal())
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****" if digits else ""


def masked_value(value: object) -> str:
    """Hide a field marked x-personal: numbers keep their ends, other texts their first and last character."""
    text = str(value)
    return masked_phone(text) if text.replace("-", "").replace(" ", "").isdecimal() and len(text) >= 8 else masked(text)
