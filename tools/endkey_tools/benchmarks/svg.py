"""Curves of time against size as SVG, all axes logarithmic."""

from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT, COLUMNS = 420, 280, 60, 40, 40, 15, 2


def picture(curves: dict[str, list[tuple[int, float]]]) -> str:
    """A document with all curves."""
    rows = ceil(len(curves) / COLUMNS)
    size = f'viewBox="0 0 {COLUMNS * WIDTH} {rows * HEIGHT}" width="{COLUMNS * WIDTH}" height="{rows * HEIGHT}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">']
    for index, (name, points) in enumerate(curves.items()):
        place = f'x="{index % COLUMNS * WIDTH}" y="{index // COLUMNS * HEIGHT}"'
        parts.append(f'<svg {place} width="{WIDTH}" height="{HEIGHT}">\n{curve(name, points)}\n</svg>')
    return "\n".join(parts) + "\n</svg>\n"


def curve(name: str, points: list[tuple[int, float]]) -> str:
    """The points, and a grey line of what linear growth from the last would be."""
    xs, ys = [log10(x) for x, _ in points], [log10(max(y, 1e-12)) for _, y in points]
    left, right = floor(min(xs)), max(ceil(max(xs)), floor(min(xs)) + 1)
    low, high = floor(min(ys)), max(ceil(max(ys)), floor(min(ys)) + 1)

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            LEFT + (x - left) / (right - left) * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - (y - low) / (high - low) * (HEIGHT - BOTTOM - TOP),
        )

    def line(x1: float, y1: float, x2: float, y2: float, color: str, more: str = "") -> str:
        return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}"{more}/>'

    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{WIDTH / 2}" y="22" text-anchor="middle" font-size="14">{escape(name)}: seconds against '
        f'number</text>',
    ]
    for decade in range(left, right + 1):
        x, bottom = place(decade, low)
        parts.append(line(x, bottom, x, TOP, "#ddd"))
        parts.append(
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">10<tspan dy="-5" '
            f'font-size="9">{decade}</tspan></text>'
        )
    for decade in range(low, high + 1):
        x, y = place(left, decade)
        parts.append(line(x, y, WIDTH - RIGHT, y, "#ddd"))
        parts.append(
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">10<tspan dy="-5" '
            f'font-size="9">{decade}</tspan></text>'
        )
    # Linear growth, back from the last point to where it leaves the picture.
    first = max(min(xs), xs[-1] - (ys[-1] - low))
    parts.append(
        line(*place(first, ys[-1] - (xs[-1] - first)), *place(xs[-1], ys[-1]), "#999", ' stroke-dasharray="5 4"')
    )
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in zip(xs, ys)))
    parts.append(f'<polyline points="{path}" fill="none" stroke="#1558a8" stroke-width="2"/>')
    parts += [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#1558a8"/>' for x, y in (place(*point) for point in zip(xs, ys))
    ]
    parts.append(f'<text x="{LEFT + 8}" y="{TOP + 14}" fill="#777">dashed: linear</text>')
    return "\n".join(parts)
