"""assistive.commands: `sayso simulate`: a simulated person writes dialogues with Sayso and without it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import get_args

from assistive.settings import DwellMode
from assistive.simulate.person import PersonError, load_person, people
from assistive.simulate.proposer import ModelError, RealModel
from assistive.simulate.report import System, figures, table
from assistive.simulate.run import (
    PLAIN_DWELL_S,
    DialogueTurn,
    best_dwell,
    read_dialogues,
    simulate,
    system_settings,
)
from models.weights import WeightsError, resolve_language_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `sayso simulate`."""
    parser.add_argument(
        "--dialogues",
        type=Path,
        required=True,
        metavar="FILE",
        help="one dialogue a line, turns separated by tabs",
    )
    parser.add_argument(
        "--turns", type=int, default=40, metavar="N", help="how many of the person's turns (40)"
    )
    parser.add_argument(
        "--seeds", type=_seeds, default=(1, 2, 3, 4, 5), metavar="1,2,...", help="(1,2,3,4,5)"
    )
    parser.add_argument(
        "--person",
        default="als_tracker",
        metavar="FILE",
        help=f"a person file, or one of: {', '.join(people())}",
    )
    parser.add_argument("--language", default="en", choices=("en", "ru"))
    parser.add_argument(
        "--dwell",
        type=_dwell,
        metavar="S|MODE",
        help="Sayso's time for a letter in seconds (default: the best one); or fixed, cascade or bayes: this mode "
        "is compared with the fixed dwell at equal shares of wrong selections",
    )
    parser.add_argument("--model", default="", metavar="GGUF", help="another language model")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures to this file")
    parser.add_argument("--plot", type=Path, metavar="PNG", help="draw speed and where the time goes")
    parser.add_argument(
        "--record", type=Path, metavar="FILE", help="record Sayso's first run, for sayso replay"
    )
    parser.add_argument(
        "--window", action="store_true", help="write one turn after the other on the real window"
    )


def run(args: argparse.Namespace) -> int:
    """Simulate, print the table, write JSON and plot. Returns 0, or 1 with a sentence on what is wrong."""
    try:
        person = load_person(args.person)
        turns = read_dialogues(args.dialogues, args.turns)
        model_path = resolve_language_model(args.model)
        if args.window and isinstance(args.dwell, str):
            raise ValueError("on the window the dwell is a time: --dwell 0.8")
        if args.window:
            from assistive.ui.simulated import run_on_window

            return run_on_window(person, turns, args.seeds[0], args.language, args.dwell)
        model = RealModel(model_path, args.language)
    except (PersonError, WeightsError, ModelError, ValueError, OSError) as error:
        print(f"The simulation cannot start: {error}")
        return 1
    try:
        if isinstance(args.dwell, str):
            from assistive.commands.simulate_dwells import compare

            return compare(args, person, turns, model)
        return _simulate(args, turns, model)
    except (ModelError, OSError) as error:
        print(f"\nThe simulation stopped: {error}")
        return 1
    finally:
        model.close()


def _simulate(args: argparse.Namespace, turns: list[DialogueTurn], model: RealModel) -> int:
    person = load_person(args.person)
    language: str = args.language
    baseline_dwell, baseline_tuned = best_dwell(
        person, turns, language, None, progress=_tuning("letters only")
    )
    sayso_dwell = args.dwell
    if sayso_dwell is None:
        sayso_dwell, _ = best_dwell(
            person, turns, language, model, baseline_tuned.wrong_per_100, progress=_tuning("Sayso")
        )
    systems = []
    for title, dwell_s, used in (
        ("Sayso", sayso_dwell, model),
        ("letters only, best dwell", baseline_dwell, None),
        ("letters only", PLAIN_DWELL_S, None),
    ):
        settings = system_settings(dwell_s, proposals=used is not None, language=language)
        outcomes = []
        for seed in args.seeds:

            def told(done: int, title: str = title, seed: int = seed) -> None:
                print(f"\r{title}, seed {seed}: turn {done} of {len(turns)}      ", end="", flush=True)

            record = args.record if used is model and seed == args.seeds[0] else None
            outcomes.append(simulate(person, settings, turns, seed, used, told, record))
        systems.append(System(title, dwell_s, outcomes))
    print(f"\r{person.name} ({person.fingerprint}), {len(turns)} turns, {len(args.seeds)} seeds{' ' * 30}\n")
    print(table(systems))
    found = figures(person, *systems)
    ratios = (systems[0].mean(lambda o: o.wpm) / system.mean(lambda o: o.wpm) for system in systems[1:])
    print("\nwpm against letters only on the best dwell {:.2f}, at 1000 ms {:.2f}".format(*ratios))
    left_out = set().union(*(o.counts.left_out for o in systems[0].outcomes))
    if left_out:
        print(f"left out, the board has no such characters: {' '.join(sorted(left_out))}")
    given_up = sum(o.counts.given_up for system in systems for o in system.outcomes)
    if given_up:
        print(f"turns that were given up and are counted as they stood: {given_up}")
    if args.json is not None:
        args.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if args.plot is not None:
        from assistive.simulate.plot import plot

        plot(systems, f"{person.name}: {len(turns)} turns, {len(args.seeds)} seeds", args.plot)
    return 0


def _tuning(title: str) -> Callable[[float], None]:
    def told(dwell_s: float) -> None:
        print(f"\rchoosing the best dwell on other seeds: {title} {dwell_s:.1f} s    ", end="", flush=True)

    return told


def _dwell(text: str) -> float | str:
    if text in get_args(DwellMode):
        return text
    try:
        return float(text)
    except ValueError:
        modes = ", ".join(get_args(DwellMode))
        raise argparse.ArgumentTypeError(f"{text!r} is neither seconds nor one of {modes}") from None


def _seeds(text: str) -> tuple[int, ...]:
    try:
        seeds = tuple(int(part) for part in text.split(","))
    except ValueError:
        seeds = ()
    if not seeds:
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of numbers such as 1,2,3")
    return seeds
