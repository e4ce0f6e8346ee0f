"""Validation records as other scanners, settings and recorders would have shown them.

Thresholds and the radius that are chosen on records as clean as those trained on promise too much
elsewhere. Half of the records (those with an odd index) are therefore put through the part of the
augmentation that moves nothing: positions and millimetres stay what they are.
"""

from __future__ import annotations

import numpy as np

from appearance import change_look
from augment import change_motion, take_motion
from shards import Shards, to_batch


class DisturbedShards(Shards):
    """Shards whose `read` disturbs every other record, always in the same way."""

    def read(self, indices: np.ndarray) -> np.ndarray:
        records = super().read(indices)
        for row, index in enumerate(indices):
            if index % 2 == 0:
                continue
            random = np.random.default_rng([0xD15, int(index)])
            one = to_batch(records[row:row + 1])
            take_motion(one, random)
            change_motion(one, random)
            change_look(one, 0, random)
            records["input"][row] = one.input[0].round().clamp(0, 255).numpy()
            records["labels"][row] = one.labels[0].numpy()
            records["hasHistory"][row] = one.history[0] > 0.5
            if not np.isfinite(float(one.present[0])):  # the needle went dark: nobody can say
                records["input"][row] = super().read(indices[row:row + 1])["input"][0]
        return records
