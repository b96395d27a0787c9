"""assistive.commands: `sayso simulate --dwell fixed|cascade|bayes`: a mode of dwell against the fixed one."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from assistive.settings import DwellMode
from assistive.simulate.dwells import (
    SETTLED,
    SLOW_READER,
    Kept,
    Variant,
    kept,
    point,
    slow_reader,
    variants,
    wpm_at,
)
from assistive.simulate.person import Person
from assistive.simulate.proposer import RealModel
from assistive.simulate.report import System
from assistive.simulate.run import PLAIN_DWELL_S, DialogueTurn, simulate, system_settings

CLAIMED = Variant("bayes", 0.02)  # the share whose claim is checked: the one Sayso comes with
MOST_OVER = 1.5


def compare(args: argparse.Namespace, person: Person, turns: list[DialogueTurn], model: RealModel) -> int:
    """Simulate the mode and the fixed dwell over a range of settings; print curves, ratios and claims."""
    mode: DwellMode = args.dwell

    def runs(who: Person, tried: Sequence[Variant]) -> list[System]:
        return [_run(args, who, turns, model, variant) for variant in tried]

    fixed, multiplied = runs(person, variants("fixed")), runs(person, variants("fixed", multiplied=True))
    systems = fixed if mode == "fixed" else runs(person, variants(mode))
    plain = _plain(args, person, turns)
    print(f"\r{person.name} ({person.fingerprint}), {len(turns)} turns, {len(args.seeds)} seeds{' ' * 30}\n")
    shown = fixed + multiplied + ([] if systems is fixed else systems) + [plain]
    print(f"{'':<24}{'wpm':>22}{'wrong/100':>24}{'KSR':>8}")
    for system in shown:
        print(_row(system))
    found: dict[str, Any] = {
        "dwell": mode,
        "person": person.name,
        "person_hash": person.fingerprint,
        "fixed": _points(fixed),
        "fixed_multiplied": _points(multiplied),
        mode: _points(systems),
        "wpm_plain": round(plain.mean(lambda o: o.wpm), 4),
    }
    print(
        f"\nat equal wrong selections{'wrong/100':>12}{'to fixed':>10}{'multiplied':>12}{'letters 1 s':>13}"
    )
    ratios = []
    for system in systems:
        ratio = _ratio(system, fixed, multiplied, plain)
        ratios.append(ratio)
        print(
            f"{system.title:<25}{ratio['wrong_per_100']:>12.2f}{_number(ratio['to_fixed']):>10}"
            f"{_number(ratio['to_multiplied']):>12}{ratio['to_plain']:>13.2f}"
        )
    found["at_equal_wrong"] = ratios
    if mode == "bayes":
        claims = {
            "usual": kept(systems[variants(mode).index(CLAIMED)].outcomes),
            "slow_reader": kept(runs(slow_reader(person), [CLAIMED])[0].outcomes),
        }
        found["claims"] = {who: _claim(claim) for who, claim in claims.items()}
        print(f"\r\nthe error of {CLAIMED.title} after the first {SETTLED} selections of a seed:{' ' * 30}")
        for who, claim in claims.items():
            title = f"reads {SLOW_READER} x as slowly" if who == "slow_reader" else "reads as expected"
            over = claim.observed / claim.claimed if claim.claimed else float("nan")
            print(
                f"{title:<25} claimed {claim.claimed:.4f}, observed {claim.observed:.4f} "
                f"({over:.2f} x, at most {MOST_OVER}) over {claim.selections} selections"
            )
    if args.json is not None:
        args.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _run(
    args: argparse.Namespace, person: Person, turns: list[DialogueTurn], model: RealModel, variant: Variant
) -> System:
    outcomes = []
    for seed in args.seeds:

        def told(done: int, seed: int = seed) -> None:
            print(
                f"\r{variant.title}, seed {seed}: turn {done} of {len(turns)}            ", end="", flush=True
            )

        outcomes.append(simulate(person, variant.settings(args.language), turns, seed, model, told))
    return System(variant.title, variant.value, outcomes)


def _plain(args: argparse.Namespace, person: Person, turns: list[DialogueTurn]) -> System:
    settings = system_settings(PLAIN_DWELL_S, proposals=False, language=args.language)
    outcomes = [simulate(person, settings, turns, seed, None) for seed in args.seeds]
    return System(f"letters only {PLAIN_DWELL_S:.1f} s", PLAIN_DWELL_S, outcomes)


def _ratio(
    system: System, fixed: Sequence[System], multiplied: Sequence[System], plain: System
) -> dict[str, Any]:
    wrong, wpm = point(system)
    found: dict[str, Any] = {"title": system.title, "wrong_per_100": round(wrong, 4), "wpm": round(wpm, 4)}
    for name, others in (("to_fixed", fixed), ("to_multiplied", multiplied)):
        there = wpm_at([point(other) for other in others], wrong)
        found[name] = None if there is None else round(wpm / there, 4)
    return found | {"to_plain": round(wpm / plain.mean(lambda o: o.wpm), 4)}


def _row(system: System) -> str:
    cells = []
    for figure in (lambda o: o.wpm, lambda o: o.wrong_per_100):
        low, high = system.interval(figure)
        cells.append(f"{system.mean(figure):.2f} [{low:.2f}, {high:.2f}]")
    return f"{system.title:<24}{cells[0]:>22}{cells[1]:>24}{system.mean(lambda o: o.ksr):>8.3f}"


def _points(systems: Sequence[System]) -> list[dict[str, Any]]:
    return [
        {
            "value": system.dwell_s,
            "wpm": round(system.mean(lambda o: o.wpm), 4),
            "wpm_ci95": [round(end, 4) for end in system.interval(lambda o: o.wpm)],
            "wrong_per_100": round(system.mean(lambda o: o.wrong_per_100), 4),
            "wrong_per_100_ci95": [round(end, 4) for end in system.interval(lambda o: o.wrong_per_100)],
            "ksr": round(system.mean(lambda o: o.ksr), 4),
        }
        for system in systems
    ]


def _claim(claim: Kept) -> dict[str, Any]:
    return {
        "claimed": round(claim.claimed, 5),
        "observed": round(claim.observed, 5),
        "selections": claim.selections,
    }


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
