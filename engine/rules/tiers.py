"""Tiers of delegation: up to which amount a post decides (SOD-14). Placeholders of the county, not law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Tier:
    """A tier. `up_to`: whole yuan, included; None: any amount. `rank`: 0 is the lowest."""

    code: str
    name: str
    name_en: str
    up_to: int | None
    rank: int


@dataclass(frozen=True, kw_only=True)
class Tiers:
    """`by_code` in rising order. Cases of one applicant and item within `split_days` of each other count together."""

    by_code: Mapping[str, Tier] = field(default_factory=dict)
    split_days: int = 0

    def needed(self, amount: int | None) -> Tier | None:
        """Return the lowest tier that decides an amount; an unknown amount takes the highest one.

        None: there is no tier that reaches it, and nobody decides.
        """
        rising = tuple(self.by_code.values())
        if amount is None:
            return rising[-1] if rising else None
        return next((tier for tier in rising if tier.up_to is None or amount <= tier.up_to), None)

    def reaches(self, code: str | None, amount: int | None) -> bool:
        """Return whether a post of this tier decides the amount. A post without a tier decides no amount at all."""
        needed, held = self.needed(amount), self.by_code.get(code or "")
        return needed is not None and held is not None and held.rank >= needed.rank
