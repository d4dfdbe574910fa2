"""The two drawings of the site, each for a light and a dark page.

A drawing is a list of boxes, arrows and texts on a grid of pixels; only the palette differs between the two.
"""

from __future__ import annotations

from html import escape

import attrs

LIGHT = {
    "ink": "#1f2933",
    "faint": "#5f6c7b",
    "line": "#8a97a6",
    "paper": "#ffffff",
    "own": "#d7efec",
    "made": "#fde6d8",
}
DARK = {
    "ink": "#e4e8ee",
    "faint": "#a5b1c0",
    "line": "#7d8a9a",
    "paper": "#1e2129",
    "own": "#1d4a46",
    "made": "#5c3a28",
}
LINE = 19


@attrs.frozen
class Box:
    """A named part; `kind` is `own` for hand-written, `made` for generated, `paper` for what is not ours."""

    x: int
    y: int
    width: int
    height: int
    kind: str
    title: str
    lines: tuple[str, ...] = ()

    def draw(self) -> str:
        """The box with its texts, centred."""
        middle = self.x + self.width / 2
        top = self.y + self.height / 2 - LINE * len(self.lines) / 2 + 5
        texts = [f'<text x="{middle}" y="{top}" class="title">{escape(self.title)}</text>']
        texts += [
            f'<text x="{middle}" y="{top + LINE * number}" class="small">{escape(line)}</text>'
            for number, line in enumerate(self.lines, 1)
        ]
        shape = f'x="{self.x}" y="{self.y}" width="{self.width}" height="{self.height}" rx="8" class="{self.kind}"'
        return f"<rect {shape}/>{''.join(texts)}"


@attrs.frozen
class Arrow:
    """A straight arrow, with a word beside its middle."""

    x1: int
    y1: int
    x2: int
    y2: int
    word: str = ""
    both: bool = False

    def draw(self) -> str:
        """The line and its word."""
        start = ' marker-start="url(#back)"' if self.both else ""
        line = f'<line x1="{self.x1}" y1="{self.y1}" x2="{self.x2}" y2="{self.y2}"{start} marker-end="url(#tip)"/>'
        if not self.word:
            return line
        upright = self.x1 == self.x2
        x = self.x1 + 9 if upright else (self.x1 + self.x2) / 2
        y = (self.y1 + self.y2) / 2 + (4 if upright else -7)
        kind = "word" if upright else "word middle"
        return f'{line}<text x="{x}" y="{y}" class="{kind}">{escape(self.word)}</text>'


ARCHITECTURE: list[Box | Arrow] = [
    Box(250, 16, 260, 46, "paper", "your code", ()),
    Arrow(380, 62, 380, 92, "await portal.customers.get(...)"),
    Box(60, 94, 640, 66, "made", "16 resources, 72 methods, models", ("generated: names, types, docstrings, codecs",)),
    Arrow(380, 160, 380, 190, "arguments", both=False),
    Box(60, 192, 300, 84, "own", "request", ("IDs, money, moments and files", "are checked; nothing is sent yet")),
    Box(400, 192, 300, 84, "own", "answer", ("bytes to objects; what differs", "from the contract is told")),
    Arrow(210, 276, 210, 306),
    Arrow(550, 306, 550, 276),
    Box(60, 308, 640, 66, "own", "dispatcher", ("attempts, deadline, outcome, cancellation, hooks",)),
    Arrow(210, 374, 210, 404, "slot", both=True),
    Arrow(550, 374, 550, 404, "", both=True),
    Box(60, 406, 300, 66, "own", "pacing", ("one window per key: process or Redis",)),
    Box(400, 406, 300, 66, "own", "transport", ("knows exactly what was sent",)),
    Arrow(550, 472, 550, 502, "", both=True),
    Box(400, 504, 300, 50, "paper", "MijnKlantportaal, or the sandbox"),
    Box(
        740,
        94,
        250,
        108,
        "own",
        "beside it",
        ("ledger: never bill twice", "oauth, webhooks, cms", "blocking: from sync code"),
    ),
    Box(
        740,
        222,
        250,
        108,
        "own",
        "testing",
        ("a whole portal with state,", "trouble on demand,", "answering from the contract"),
    ),
    Box(740, 364, 250, 66, "made", "contract.json", ("prepared, in the wheel",)),
    Arrow(865, 364, 865, 332),
    Box(740, 486, 250, 68, "paper", "openapi.yaml + overlay", ("as published + every correction",)),
    Arrow(865, 486, 865, 432, "make generate"),
]

LIFE: list[Box | Arrow] = [
    Box(20, 20, 200, 84, "own", "1. check", ("IDs in path order, then", "all other arguments")),
    Arrow(220, 62, 260, 62),
    Box(262, 20, 200, 84, "own", "2. wait for a slot", ("the deadline stands still", "while the call waits")),
    Arrow(462, 62, 502, 62),
    Box(504, 20, 200, 84, "own", "3. send", ("from here on it may", "have happened")),
    Arrow(704, 62, 744, 62),
    Box(746, 20, 200, 84, "own", "4. status", ("decides before the body", "is looked at")),
    Arrow(120, 104, 120, 154, "refused"),
    Box(20, 156, 200, 84, "paper", "error", ("nothing was sent",)),
    Arrow(604, 104, 604, 154, "lost"),
    Arrow(756, 104, 700, 154, "not 2xx"),
    Box(504, 156, 200, 84, "own", "failure", ("its outcome is the worst", "of all attempts")),
    Arrow(504, 198, 464, 198),
    Box(262, 156, 200, 84, "own", "again?", ("only what certainly did", "nothing, and GETs")),
    Arrow(362, 156, 362, 106, "yes"),
    Arrow(362, 240, 362, 290, "no"),
    Box(262, 292, 200, 60, "paper", "error", ("with its outcome",)),
    Arrow(876, 104, 876, 154, "2xx"),
    Box(746, 156, 200, 84, "made", "5. read", ("objects; what differs from", "the contract is told")),
    Arrow(876, 240, 876, 290),
    Box(746, 292, 200, 60, "paper", "value"),
]

DRAWINGS = {
    "architecture": (1010, 570, ARCHITECTURE, "How the parts of the client hang together"),
    "call": (966, 372, LIFE, "The life of one call, from the check to its value or error"),
}


def draw(name: str, palette: dict[str, str]) -> str:
    """A drawing as SVG."""
    width, height, parts, label = DRAWINGS[name]
    style = (
        "text{font-family:system-ui,sans-serif;text-anchor:middle}"
        f".title{{font-size:15px;font-weight:600;fill:{palette['ink']}}}"
        f".small{{font-size:13px;fill:{palette['ink']}}}"
        f".word{{font-size:12px;fill:{palette['faint']};text-anchor:start}}.middle{{text-anchor:middle}}"
        f"rect{{stroke:{palette['line']};stroke-width:1}}line{{stroke:{palette['line']};stroke-width:1.5}}"
        f".own{{fill:{palette['own']}}}.made{{fill:{palette['made']}}}.paper{{fill:{palette['paper']}}}"
        f"marker path{{fill:{palette['line']}}}"
    )
    size = 'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
    tips = "".join(
        f'<marker id="{name}" {size} orient="{orient}"><path d="M0,0 L8,4 L0,8 z"/></marker>'
        for name, orient in (("tip", "auto"), ("back", "auto-start-reverse"))
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">',
            f"<title>{label}</title><style>{style}</style><defs>{tips}</defs>",
            *(part.draw() for part in parts),
            "</svg>",
        ]
    )


def pictures() -> dict[str, str]:
    """Path below `docs/` and content of every drawing."""
    palettes = {"light": LIGHT, "dark": DARK}
    return {f"images/{name}-{kind}.svg": draw(name, palette) for name in DRAWINGS for kind, palette in palettes.items()}
