"""One frame through OpenCV and ONNX Runtime: image -> letterbox -> network -> tip and contours."""
import hashlib
import json
import math
import pathlib
import time

import cv2
import numpy as np
import onnxruntime
import orjson

CELL_GATE_MM = 40.0  # height of an image whose spacing is unknown, for thresholds only
# What peers say that is always the same: credits without end, no guidance.
ANSWERS = json.loads((pathlib.Path(__file__).parent.parent / "answers.json").read_text())
VESSELS = ("artery", "vein")
DO_NOT_ENTER = ("nerve", "artery", "vein", "vessel")

cv2.setNumThreads(1)  # one thread a frame, as the network has; streams run beside each other


def now_us():
    return time.monotonic_ns() // 1000


class History:
    """What the difference channels of one stream compare a frame with."""

    def __init__(self):
        self.size = None
        self.time_us = None
        self.previous = None
        self.background = None
        self.age_ms = 0.0


class Analyser:
    """The network of one process and the way from a frame to the body of its overlay."""

    def __init__(self, model_directory, precision, threads):
        folder = pathlib.Path(model_directory)
        self.manifest = json.loads((folder / "manifest.json").read_text())
        variant = self.manifest if precision == "fp32" else self.manifest["variants"][precision]
        weights = (folder / variant["file"]).read_bytes()
        self.model = {"id": self.manifest["id"], "sha256": hashlib.sha256(weights).hexdigest()}
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(weights, options, ["CPUExecutionProvider"])
        _, _, self.height, self.width = self.manifest["input"]["shape"]
        self.stride = self.manifest["stridePx"]
        self.names = [self.manifest["outputs"][head] for head in ("structures", "tip", "shaft", "frame")]
        for _ in range(20):
            self.run(np.full((3, self.height, self.width), 128, np.uint8))

    def run(self, tensor):
        return [head[0] for head in self.session.run(self.names, {self.manifest["input"]["name"]: tensor[None]})]

    def analyse(self, history, frame, payload):
        """The overlay of a frame, but for its identity and clock."""
        marks = [time.perf_counter()]
        gray = decode(frame, payload)
        marks.append(time.perf_counter())
        tensor, scale, left, top = self.preprocess(history, gray, frame["captureTimeUs"])
        marks.append(time.perf_counter())
        structures, tip, shaft, whole = self.run(tensor)
        marks.append(time.perf_counter())
        view = View(gray.shape, frame["spacing"], scale, left, top, self.stride)
        needle = self.needle(tip, shaft, whole, view)
        found = self.structures(structures, view)
        marks.append(time.perf_counter())
        stages = ("decode", "preprocess", "infer", "postprocess")
        spent = {name: 1000 * (marks[i + 1] - marks[i]) for i, name in enumerate(stages)}
        return {
            "image": {"widthPx": gray.shape[1], "heightPx": gray.shape[0]},
            "spacing": frame["spacing"],
            "needle": needle,
            "structures": found,
            "imageQuality": sigmoid(whole[2]),
            "guidance": ANSWERS["guidance"],
            "stageMs": {**spent, "track": 0, "guide": 0},
            "model": self.model,
        }

    def preprocess(self, history, gray, time_us):
        """Letterbox to the network's size, and what changed since the last frame and lately."""
        height, width = gray.shape
        scale = min(self.width / width, self.height / height)
        placed = (max(1, round(width * scale)), max(1, round(height * scale)))
        left, top = (self.width - placed[0]) // 2, (self.height - placed[1]) // 2
        tensor = np.full((3, self.height, self.width), self.manifest["input"]["neutral"], np.uint8)
        if placed != (self.width, self.height):
            tensor[0] = 0
        inside = tensor[0, top:top + placed[1], left:left + placed[0]]
        inside[...] = cv2.resize(gray, placed, interpolation=cv2.INTER_AREA)
        self.differences(history, gray.shape, tensor, time_us)
        return tensor, scale, left, top

    def differences(self, history, size, tensor, time_us):
        elapsed = None if history.time_us is None else (time_us - history.time_us) / 1000
        history.time_us = time_us
        if elapsed is None or not 0 < elapsed <= 500 or history.size != size:
            history.size, history.age_ms = size, 0.0
            history.previous = tensor[0].copy()
            history.background = tensor[0].astype(np.float32)
            return
        gain = min(2.0, max(0.25, 1000 / 30 / elapsed))
        # In 8 bits, rounded and saturated by OpenCV: 128 + gain * (now - before).
        cv2.addWeighted(tensor[0], gain, history.previous, -gain, 128, tensor[1])
        slow = cv2.subtract(tensor[0], history.background, dtype=cv2.CV_32F)
        cv2.add(slow, 128, tensor[2], dtype=cv2.CV_8U)
        weight = max(1 - math.exp(-elapsed / 1000), elapsed / (history.age_ms + 2 * elapsed))
        cv2.accumulateWeighted(tensor[0], history.background, weight)
        history.previous = tensor[0].copy()
        history.age_ms += elapsed

    def needle(self, tip, shaft, whole, view):
        thresholds, calibration = self.manifest["thresholds"], self.manifest["calibration"]
        present = sigmoid(whole[0] / calibration["needlePresentTemperature"])
        empty = {"state": "absent", "tip": None, "tipReason": "no-needle", "confidence": present,
                 "radius90Px": None, "radius90Mm": None, "shaft": None, "angleDeg": None,
                 "approach": "unknown"}
        if present < thresholds["needlePresent"]:
            return empty
        row, column = divmod(int(np.argmax(tip[0])), tip.shape[2])
        heat = sigmoid(tip[0, row, column])
        score = math.sqrt(heat * present)
        point = view.image(column + float(np.clip(tip[1, row, column], -2, 2)),
                           row + float(np.clip(tip[2, row, column], -2, 2)))
        line = shaft_line(shaft[0], thresholds["shaft"], view, point)
        seen = {**empty, "shaft": line, "angleDeg": view.angle(line), "approach": "in-plane"}
        if line is None or heat < thresholds["tipHeat"] or score < thresholds["tipScore"]:
            return {**seen, "state": "shaft-only" if line else "absent",
                    "tipReason": "tip-not-visible" if line else "no-needle"}
        if sigmoid(whole[1]) < thresholds["tipInPlane"]:
            return {**empty, "state": "out-of-plane", "tipReason": "out-of-plane", "approach": "out-of-plane"}
        sigma = math.exp(float(np.clip(tip[3:5, row, column], -4, 3).mean()))
        radius = calibration["radius90PerSigma"] * sigma * view.cell_px
        millimetres = None if view.spacing is None else radius * math.sqrt(view.mm[0] * view.mm[1])
        return {**seen, "state": "tip-visible", "tip": point, "tipReason": None, "confidence": score,
                "radius90Px": radius, "radius90Mm": millimetres}

    def structures(self, logits, view):
        """Regions of equal class; artery and vein are one class until the whole region decides."""
        classes = self.manifest["classes"]
        exponentials = np.exp(logits - logits.max(axis=0))
        probabilities = exponentials / exponentials.sum(axis=0)
        share = None
        if all(name in classes for name in VESSELS):
            artery, vein = (classes.index(name) for name in VESSELS)
            both = probabilities[artery] + probabilities[vein]
            share = probabilities[artery] / np.maximum(both, 1e-9)
            probabilities[artery], probabilities[vein] = both, 0
        labels = probabilities.argmax(axis=0)
        labels[~view.inside(labels.shape)] = 0
        found = []
        for label in np.unique(labels[labels > 0]):
            mask = (labels == label).astype(np.uint8)
            outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
            for outline in outlines:
                region = cv2.drawContours(np.zeros_like(mask), [outline], -1, 1, cv2.FILLED) & mask
                confidence = float(cv2.mean(probabilities[label], region)[0])
                area = int(cv2.countNonZero(region)) * view.cell_px ** 2 * view.mm[0] * view.mm[1]
                thin = cv2.approxPolyDP(outline, 0.3, True)[:, 0]
                if confidence < self.manifest["thresholds"]["structure"] or len(thin) < 3:
                    continue
                if area < self.manifest["thresholds"]["structureAreaMm2"]:
                    continue
                name = classes[label]
                if name == "artery":
                    name = self.vessel(float(cv2.mean(share.astype(np.float32), region)[0]))
                found.append((area, {
                    "class": name, "rule": "do-not-enter" if name in DO_NOT_ENTER else "none",
                    "keepOffMm": None, "confidence": confidence, "contour": view.contour(thin),
                    "areaMm2": None if view.spacing is None else area}))
        found.sort(key=lambda one: -one[0])
        return [{"id": number, **one} for number, (_, one) in enumerate(found[:24], 1)]

    def vessel(self, artery_share):
        sure = self.manifest["thresholds"]["arteryVein"]
        return "artery" if artery_share >= sure else "vein" if 1 - artery_share >= sure else "vessel"


class View:
    """How cells of the network lie in the image."""

    def __init__(self, shape, spacing, scale, left, top, stride):
        self.shape, self.spacing = shape, spacing
        self.scale, self.left, self.top, self.stride = scale, left, top, stride
        self.cell_px = stride / scale
        gate = CELL_GATE_MM / shape[0]
        self.mm = (gate, gate) if spacing is None else (spacing["xMm"], spacing["yMm"])

    def image(self, x, y):
        return {"xPx": ((x + 0.5) * self.stride - self.left) / self.scale - 0.5,
                "yPx": ((y + 0.5) * self.stride - self.top) / self.scale - 0.5}

    def contour(self, points):
        places = ((points + 0.5) * self.stride - (self.left, self.top)) / self.scale - 0.5
        places = np.clip(places, 0, (self.shape[1] - 1, self.shape[0] - 1))
        return [{"xPx": x, "yPx": y} for x, y in places.tolist()]

    def inside(self, cells):
        y, x = np.ogrid[:cells[0], :cells[1]]
        x, y = (x + 0.5) * self.stride - self.left, (y + 0.5) * self.stride - self.top
        return (x > 0) & (x < self.shape[1] * self.scale) & (y > 0) & (y < self.shape[0] * self.scale)

    def angle(self, line):
        if line is None:
            return None
        dx = abs(line["to"]["xPx"] - line["from"]["xPx"]) * self.mm[0]
        dy = abs(line["to"]["yPx"] - line["from"]["yPx"]) * self.mm[1]
        return math.degrees(math.atan2(dy, dx))


def shaft_line(logits, threshold, view, tip):
    """A line through the shaft's cells, from its far end to the end at the tip."""
    rows, columns = np.nonzero(logits >= math.log(threshold / (1 - threshold)))
    if len(rows) < 4:
        return None
    cells = np.column_stack((columns, rows)).astype(np.float32)
    dx, dy, x, y = cv2.fitLine(cells, cv2.DIST_HUBER, 0, 0.01, 0.01)[:, 0].tolist()
    along = (cells[:, 0] - x) * dx + (cells[:, 1] - y) * dy
    ends = [view.image(x + at * dx, y + at * dy) for at in (float(along.min()), float(along.max()))]
    if math.dist(ends[0].values(), tip.values()) < math.dist(ends[1].values(), tip.values()):
        ends.reverse()
    return {"from": ends[0], "to": ends[1]}


def decode(frame, payload):
    if frame["format"] == "jpeg":
        gray = cv2.imdecode(np.frombuffer(payload, np.uint8), cv2.IMREAD_GRAYSCALE)
        if gray is None:
            raise ValueError("the JPEG cannot be decoded")
        return gray
    rows = np.frombuffer(payload, np.uint8).reshape(frame["heightPx"], frame["strideBytes"])
    return rows[:, :frame["widthPx"]]


def sigmoid(logit):
    return 1 / (1 + math.exp(-float(logit)))


def overlay_json(stream, frame, received, body):
    """The text of an overlay. Workers make it, so that the front only passes it on."""
    return orjson.dumps({"type": "overlay", "stream": stream, "epoch": frame["epoch"], "trackEpoch": 0,
                         "frameId": frame["frameId"], "captureTimeUs": frame["captureTimeUs"], **body,
                         "clock": {"receivedAtUs": received, "publishedAtUs": now_us(),
                                   "cartOffsetUs": None, "uncertaintyUs": None}}).decode()
