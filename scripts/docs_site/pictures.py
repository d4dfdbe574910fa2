"""The two drawings of the site, each for a light and a dark page, and for a wide and a narrow one.

A drawing is a list of boxes, arrows and texts on a grid of pixels. Between light and dark only the palette differs.
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
        level = self.y1 == self.y2
        x = (self.x1 + self.x2) / 2 + (0 if level else 9 if self.x1 == self.x2 else 16)
        y = (self.y1 + self.y2) / 2 + (-7 if level else 4)
        kind = "word middle" if level else "word"
        return f'{line}<text x="{x}" y="{y}" class="{kind}">{escape(self.word)}</text>'


# On a page as wide as most, and on a phone: text in a drawing shrinks with it.
ARCHITECTURE: list[Box | Arrow] = [
    Box(125, 10, 200, 40, "paper", "your code"),
    Arrow(225, 50, 225, 86, "await portal.customers.get(...)"),
    Box(10, 88, 430, 62, "made", "16 resources, 72 methods, models", ("generated: names, types, docstrings, codecs",)),
    Arrow(112, 150, 112, 182, "arguments"),
    Arrow(337, 184, 337, 152, "objects"),
    Box(10, 184, 205, 96, "own", "request", ("IDs, money, moments", "and files are checked;", "nothing is sent yet")),
    Box(235, 184, 205, 96, "own", "answer", ("bytes to objects; what", "differs from the contract", "is told")),
    Arrow(112, 280, 112, 312),
    Arrow(337, 314, 337, 282),
    Box(10, 314, 430, 62, "own", "dispatcher", ("attempts, deadline, outcome, cancellation, hooks",)),
    Arrow(112, 376, 112, 412, "slot", both=True),
    Arrow(337, 376, 337, 412, both=True),
    Box(10, 414, 205, 76, "own", "pacing", ("one window per key:", "process or Redis")),
    Box(235, 414, 205, 76, "own", "transport", ("knows exactly", "what was sent")),
    Arrow(337, 490, 337, 526, both=True),
    Box(235, 528, 205, 62, "paper", "MijnKlantportaal", ("or the sandbox",)),
    Box(
        480,
        88,
        250,
        96,
        "own",
        "beside it",
        ("ledger: never bill twice", "oauth, webhooks, cms", "blocking: from sync code"),
    ),
    Box(
        480,
        204,
        250,
        96,
        "own",
        "testing",
        ("a whole portal with state,", "trouble on demand,", "answering from the contract"),
    ),
    Arrow(605, 376, 605, 302),
    Box(480, 376, 250, 62, "made", "contract.json", ("prepared, in the wheel",)),
    Arrow(605, 514, 605, 440, "make generate"),
    Box(480, 514, 250, 76, "paper", "openapi.yaml + overlay", ("as published, and", "every correction")),
]
ARCHITECTURE_TALL: list[Box | Arrow] = [
    Box(90, 10, 180, 40, "paper", "your code"),
    Arrow(180, 50, 180, 84, "await"),
    Box(10, 86, 340, 62, "made", "16 resources, 72 methods, models", ("generated: names, types, docstrings, codecs",)),
    Arrow(92, 148, 92, 180, "arguments"),
    Arrow(268, 182, 268, 150, "objects"),
    Box(10, 182, 164, 96, "own", "request", ("IDs, money, moments", "and files are checked", "nothing is sent yet")),
    Box(186, 182, 164, 96, "own", "answer", ("bytes to objects;", "what differs from", "the contract is told")),
    Arrow(92, 278, 92, 310),
    Arrow(268, 312, 268, 280),
    Box(10, 312, 340, 76, "own", "dispatcher", ("attempts, deadline, outcome,", "cancellation, hooks")),
    Arrow(92, 388, 92, 422, "slot", both=True),
    Arrow(268, 388, 268, 422, both=True),
    Box(10, 424, 164, 76, "own", "pacing", ("one window per key:", "process or Redis")),
    Box(186, 424, 164, 76, "own", "transport", ("knows exactly", "what was sent")),
    Arrow(268, 500, 268, 532, both=True),
    Box(186, 534, 164, 62, "paper", "MijnKlantportaal", ("or the sandbox",)),
    Box(
        10,
        634,
        340,
        76,
        "own",
        "beside it",
        ("ledger: never bill twice; oauth,", "webhooks, cms; blocking: from sync code"),
    ),
    Box(
        10,
        726,
        340,
        76,
        "own",
        "testing",
        ("a whole portal with state, trouble", "on demand, answering from the contract"),
    ),
    Arrow(180, 838, 180, 804),
    Box(10, 838, 340, 62, "made", "contract.json", ("prepared, in the wheel",)),
    Arrow(180, 944, 180, 902, "make generate"),
    Box(10, 944, 340, 62, "paper", "openapi.yaml + overlay", ("as published, and every correction",)),
]

LIFE: list[Box | Arrow] = [
    Box(10, 10, 162, 84, "own", "1. check", ("IDs in path order,", "then the others")),
    Arrow(172, 52, 194, 52),
    Box(196, 10, 162, 84, "own", "2. wait", ("for a slot; the", "deadline stands still")),
    Arrow(358, 52, 380, 52),
    Box(382, 10, 162, 84, "own", "3. send", ("from here on it may", "have happened")),
    Arrow(544, 52, 566, 52),
    Box(568, 10, 162, 84, "own", "4. status", ("decides before the", "body is looked at")),
    Arrow(91, 94, 91, 144, "refused"),
    Box(10, 146, 162, 84, "paper", "error", ("nothing was sent",)),
    Arrow(463, 94, 463, 144, "lost"),
    Arrow(592, 94, 522, 144, "not 2xx"),
    Box(382, 146, 162, 84, "own", "failure", ("its outcome is the", "worst of all attempts")),
    Arrow(382, 188, 360, 188),
    Box(196, 146, 162, 84, "own", "again?", ("only GETs, and what", "certainly did nothing")),
    Arrow(277, 146, 277, 96, "yes"),
    Arrow(277, 230, 277, 280, "no"),
    Box(196, 282, 162, 62, "paper", "error", ("with its outcome",)),
    Arrow(660, 94, 660, 144, "2xx"),
    Box(568, 146, 162, 84, "made", "5. read", ("objects; what differs", "is told")),
    Arrow(649, 230, 649, 280),
    Box(568, 282, 162, 62, "paper", "value"),
]
LIFE_TALL: list[Box | Arrow] = [
    Box(10, 10, 162, 96, "own", "1. check", ("IDs in path order,", "then the others")),
    Arrow(172, 58, 222, 58, "refused"),
    Box(224, 10, 126, 96, "paper", "error", ("with its outcome",)),
    Arrow(91, 106, 91, 144),
    Box(10, 146, 162, 96, "own", "2. wait", ("for a slot; the", "deadline stands still")),
    Arrow(224, 194, 174, 194, "yes"),
    Box(224, 146, 126, 96, "own", "again?", ("only GETs, and", "what certainly", "did nothing")),
    Arrow(287, 146, 287, 108, "no"),
    Arrow(91, 242, 91, 280),
    Box(10, 282, 162, 96, "own", "3. send", ("from here on it may", "have happened")),
    Arrow(172, 330, 222, 330, "lost"),
    Arrow(287, 282, 287, 244),
    Box(224, 282, 126, 232, "own", "failure", ("its outcome", "is the worst", "of all attempts")),
    Arrow(91, 378, 91, 416),
    Box(10, 418, 162, 96, "own", "4. status", ("decides before the", "body is looked at")),
    Arrow(172, 466, 222, 466, "not 2xx"),
    Arrow(91, 514, 91, 552, "2xx"),
    Box(10, 554, 162, 96, "made", "5. read", ("objects; what differs", "is told")),
    Arrow(91, 650, 91, 688),
    Box(10, 690, 162, 50, "paper", "value"),
]

_PARTS = "How the parts of the client hang together"
_LIFE = "The life of one call, from the check to its value or error"
DRAWINGS = {
    "architecture": (740, 600, ARCHITECTURE, _PARTS),
    "architecture-tall": (360, 1016, ARCHITECTURE_TALL, _PARTS),
    "call": (740, 354, LIFE, _LIFE),
    "call-tall": (360, 750, LIFE_TALL, _LIFE),
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
    tip = 'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
    tips = "".join(
        f'<marker id="{name}" {tip} orient="{orient}"><path d="M0,0 L8,4 L0,8 z"/></marker>'
        for name, orient in (("tip", "auto"), ("back", "auto-start-reverse"))
    )
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{label}">',
            f"<title>{label}</title><style>{style}</style><defs>{tips}</defs>",
            *(part.draw() for part in parts),
            "</svg>",
        ]
    )


def pictures() -> dict[str, str]:
    """Path below `docs/` and content of every drawing."""
    palettes = {"light": LIGHT, "dark": DARK}
    return {f"images/{name}-{kind}.svg": draw(name, palette) for name in DRAWINGS for kind, palette in palettes.items()}
