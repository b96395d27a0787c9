"""A board written by hand, so that the window is tested without the piece that builds boards."""

from __future__ import annotations

from assistive.boards.board import Action, Board, Caption, Rect, Target, TargetKind, Verb

WORDS = ("outside", "to", "home", "now", "out")
PHRASES = ("outside for a little while", "to bed, I am tired", "to the garden with you")
FUNCTIONS = ("delete letter", "delete word", "undo", "more")
FIXED = ("yes", "no", "wait, I am not finished", "pain", "phrases", "rest", "chime")


def letters_board(
    words: tuple[str, ...] = WORDS,
    width: int = 1920,
    height: int = 1080,
    notice: str = "",
    phrases: tuple[str, ...] = PHRASES,
) -> Board:
    """The letters page as LOOK.md draws it: gaps of 14 px, margins of 20 px."""
    targets: list[Target] = []
    scale = min(width, height) / 1080
    gap, margin = 14 * scale, 20 * scale

    def cell(column: int, columns: int, y: float, h: float) -> Rect:
        w = (width - 2 * margin - gap * (columns - 1)) / columns
        return Rect((margin + column * (w + gap)) / width, y, w / width, h)

    def put(id: str, kind: TargetKind, label: str, rect: Rect, verb: Verb) -> None:
        targets.append(Target(id, kind, label, rect, Action(verb, label), name=label))

    y = margin / height
    rows = (178, 112, 112, 106, 106, 106, 106, 118)
    stretch = (1 - 2 * y - 7 * gap / height) / sum(rows)
    heights = [row * stretch for row in rows]
    tops = [y + sum(heights[:i]) + i * gap / height for i in range(8)]
    eighth = cell(7, 8, tops[0], heights[0])
    text = Rect(margin / width, tops[0], 1 - 2 * margin / width - eighth.w - gap / width, heights[0])
    put("speak", TargetKind.SPEAK, "Speak", eighth, Verb.SPEAK)
    for i, phrase in enumerate(phrases):
        put(f"phrase:{i}", TargetKind.PHRASE, phrase, cell(i, 3, tops[1], heights[1]), Verb.SAY)
    for i, word in enumerate(words):
        put(f"word:{i}", TargetKind.WORD, word, cell(i, 5, tops[2], heights[2]), Verb.WORD)
    letters = [*"abcdefghijklmnopqrstuvwxyz", "space", ". ? !"]
    for i, letter in enumerate(letters):
        row, column = divmod(i, 7)
        rect = cell(column, 8, tops[3 + row], heights[3 + row])
        put(f"letter:{letter}", TargetKind.LETTER, letter, rect, Verb.WRITE)
    for i, function in enumerate(FUNCTIONS):
        rect = cell(7, 8, tops[3 + i], heights[3 + i])
        put(function.replace(" ", "_"), TargetKind.FUNCTION, function, rect, Verb.UNDO)
    for i, fixed in enumerate(FIXED):
        put(fixed.split(",")[0], TargetKind.FIXED, fixed, cell(i, 8, tops[7], heights[7]), Verb.SAY)
    put("help", TargetKind.HELP, "help", cell(7, 8, tops[7], heights[7]), Verb.HELP)
    if notice:
        w, h = 0.62 * eighth.w, 0.62 * heights[0]
        rect = Rect(text.x + text.w - w - 0.008, text.y + (text.h - h) / 2, w, h)
        targets.append(Target("notice", TargetKind.NOTICE, "OK", rect, Action(Verb.DISMISS, notice)))
    return Board("letters", tuple(targets), text_rect=text)


def settings_board() -> Board:
    """Two settings with a caption each, and help."""
    kind = TargetKind.SETTING
    return Board(
        "settings",
        (
            Target("theme:dark", kind, "Dark", Rect(0.5, 0.1, 0.2, 0.2), Action(Verb.SETTING), note="chosen"),
            Target("theme:light", kind, "Light", Rect(0.72, 0.1, 0.2, 0.2), Action(Verb.SETTING)),
            Target("help", TargetKind.HELP, "help", Rect(0.8, 0.8, 0.18, 0.15), Action(Verb.HELP)),
        ),
        captions=(
            Caption("theme", "Theme", Rect(0.03, 0.1, 0.44, 0.2), note="Dark is calm in a dim room."),
            Caption("language", "Language", Rect(0.03, 0.4, 0.44, 0.2)),
        ),
    )


def rest_board() -> Board:
    """Wake and help, nothing else."""
    return Board(
        "rest",
        (
            Target("wake", TargetKind.FIXED, "wake", Rect(0.05, 0.2, 0.4, 0.6), Action(Verb.WAKE)),
            Target("help", TargetKind.HELP, "help", Rect(0.55, 0.2, 0.4, 0.6), Action(Verb.HELP)),
        ),
    )
