"""The place of the seal: a red ring with the organ's name around a star. A drawing, not a signature."""

from __future__ import annotations

from math import cos, pi, sin

from markupsafe import escape

RED = "#c8281e"
RADIUS = 15.6  # of the letters' feet, in mm


def seal(organ: str) -> str:
    """Return the ring as SVG, 42 mm wide."""
    size = min(4.6, 66 / max(len(organ), 1))
    turn = min(26.0, 250 / max(len(organ), 1))
    letters = "".join(
        f'<text transform="rotate({(i - (len(organ) - 1) / 2) * turn:.2f}) translate(0 -{RADIUS - size / 3:.2f})" '
        f'font-size="{size:.2f}">{escape(letter)}</text>'
        for i, letter in enumerate(organ)
    )
    corners = (
        (7 * r * sin(i * pi / 5), -7 * r * cos(i * pi / 5))
        for i, r in ((i, 0.382 if i % 2 else 1.0) for i in range(10))
    )
    star = " ".join(f"{x:.2f},{y - 1:.2f}" for x, y in corners)
    return (
        f'<svg class="seal" viewBox="-21 -21 42 42" xmlns="http://www.w3.org/2000/svg" '
        'role="img" aria-label="专用印章">'
        f'<circle r="20" fill="none" stroke="{RED}" stroke-width="1.1"/>'
        f'<g fill="{RED}" text-anchor="middle" font-family="Sunlit Notice, FangSong, serif">'
        f'{letters}<polygon points="{star}"/><text y="11.2" font-size="4.2">专用印章</text>'
        f'<text y="15.4" font-size="2.6">（印模示意）</text></g></svg>'
    )
