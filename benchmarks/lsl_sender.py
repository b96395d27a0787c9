"""benchmarks: the program of an amplifier, for `sayso bench lsl`: each sample tells its number and when it was sent.

It stamps a sample when it is sent, as most programs do. Where it was held up for more than a packet, the samples in
between are gone, as those of an amplifier are.
"""

from __future__ import annotations

import json
import sys
import threading

import numpy as np
import pylsl

CHANNELS = ("number", "sent_ms", "life", "Cz", "Pz", "PO7", "PO8", "Oz")
HELD_UP_S = 0.2


def main() -> None:
    """Offer the stream, and send until the process is ended. Arguments: name, rate, life (a number)."""
    name, rate_hz, life = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
    info = pylsl.StreamInfo(name, "EEG", len(CHANNELS), rate_hz, pylsl.cf_float32, f"source {name}")
    described = info.desc().append_child("channels")
    for label in CHANNELS:
        channel = described.append_child("channel")
        for key, value in (("label", label), ("type", "EEG"), ("unit", "microvolts")):
            channel.append_child_value(key, value)
    outlet = pylsl.StreamOutlet(info, chunk_size=1)
    noise = np.random.default_rng(6).normal(0.0, 10.0, (1000, len(CHANNELS) - 3)).astype(np.float32)
    outlet.wait_for_consumers(60.0)
    never, start, number = threading.Event(), pylsl.local_clock(), 0
    print(json.dumps({"start": start}), flush=True)
    while not never.wait(max(0.0, start + number / rate_hz - pylsl.local_clock())):
        due = int((pylsl.local_clock() - start) * rate_hz)
        if due - number > HELD_UP_S * rate_hz:
            number = due
        now = pylsl.local_clock()
        outlet.push_sample([number, (now - start) * 1e3, life, *noise[number % len(noise)]], now)
        number += 1


if __name__ == "__main__":
    main()
