"""The teacher: YOLOX-nano in ONNX Runtime. Gives scores, boxes and what its last layers see, for every cell of a picture."""

import cv2
import numpy as np
import onnx
import onnxruntime

from model import CLASSES, STRIDES

COCO_COLUMNS = [0, 1, 2, 3, 5, 7, 15, 16]  # CLASSES among the teacher's 80
#: Channels of its last layers (64 before the class layer, 64 before the box layer), and of its stages at each of STRIDES.
LAST_FEATURES, STAGE_FEATURES = 128, (64, 128, 256)


class Teacher:
    def __init__(self, file):
        graph = onnx.load(str(file))
        self.taps = find_taps(list(graph.graph.node))
        known = {output.name for output in graph.graph.output}
        graph.graph.output.extend(onnx.ValueInfoProto(name=name) for name in self.taps if name not in known)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(graph.SerializeToString(), options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name
        self.output = graph.graph.output[0].name

    def look(self, picture):
        """For a BGR picture, cells in the order of STRIDES, row by row: scores [A, CLASSES], boxes [A, 4] (as the network gives
        them: centre offset and log size), and per stride features [cells, LAST_FEATURES + STAGE_FEATURES]."""
        blob = np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32)
        rows, *taps = self.session.run([self.output, *self.taps], {self.input: blob})
        rows = rows[0]
        scores = rows[:, 4:5] * rows[:, 5:][:, COCO_COLUMNS]
        levels = [np.concatenate([tap[0].reshape(tap.shape[1], -1) for tap in taps[at :: len(STRIDES)]]) for at in range(len(STRIDES))]
        return scores, rows[:, :4], [level.T for level in levels]


def find_taps(nodes):
    """Names of the tensors before the class layers, before the box layers, and after the stages, each in the order of STRIDES."""
    made_by = {output: node for node in nodes for output in node.output}
    heads = [
        next(node for node in nodes if len(node.input) > 1 and node.input[1] == f"head.{kind}_preds.{at}.weight").input[0]
        for kind in ("cls", "reg")
        for at in range(len(STRIDES))
    ]
    # Going up, each stage is joined with the enlarged one before it; the last stage is what is made narrower before that.
    upward = [node for node in nodes if node.op_type == "Resize"]
    joined = [next(node for node in nodes if node.op_type == "Concat" and node.input[0] == each.output[0]).input[1] for each in upward]
    narrow = next(made_by[name] for name in made_by[upward[0].input[0]].input if made_by[name].op_type == "Conv")
    return [*heads, *reversed(joined), narrow.input[0]]


def cells(height, width):
    """Column, row and stride [A, 3] of every cell."""
    grids = []
    for stride in STRIDES:
        columns, rows = np.meshgrid(np.arange(width // stride), np.arange(height // stride))
        grids.append(np.stack([columns.ravel(), rows.ravel(), np.full(columns.size, stride)], 1))
    return np.concatenate(grids).astype(np.float32)


def corners(boxes, grid):
    """Boxes as the network gives them -> x1, y1, x2, y2 in pixels."""
    stride = grid[:, 2:3]
    centre = (boxes[:, :2] + grid[:, :2]) * stride
    half = np.exp(np.minimum(boxes[:, 2:], 8)) * stride / 2
    return np.concatenate([centre - half, centre + half], 1)


#: Classes that are mistaken for one another; a label of one lets the teacher's score of the others count there.
GROUPS = np.array([0, 1, 2, 1, 2, 2, 3, 3])
#: A cell at which the teacher scores a label's object at this share of the label's score is taught by the teacher alone.
FOUND_SHARE = 0.5
#: Up to this square root of its area in pixels an object is taught to the stride when the teacher does not see it.
LEVEL_SIDES = ((56, 8), (120, 16), (np.inf, 32))


def targets(scores, boxes, grid, positives, doubtful):
    """What the student is to say: scores [A, CLASSES], boxes [A, 4], and whether each cell lies in a known object [A].

    The teacher's scores count only where the labels (made at several sizes of the picture, or by people) know of something; what
    the labels know and the teacher does not see on this picture is added.
    """
    centres = (grid[:, :2] + 0.5) * grid[:, 2:]
    boxes_known = np.concatenate([positives, doubtful])
    inside = cells_inside(centres, boxes_known)
    groups = GROUPS[boxes_known[:, 0].astype(int)]
    allowed = np.stack([inside[groups == group].any(0) for group in GROUPS], 1)
    wanted = np.where(allowed, scores, 0).astype(np.float32)
    aims = boxes.copy()
    # Small ones last: where two share a cell, the smaller one is the harder to see elsewhere.
    for box in sorted(unseen(scores, boxes, grid, positives), key=lambda each: -(each[3] - each[1]) * (each[4] - each[2])):
        label, size, middle = int(box[0]), box[3:5] - box[1:3], (box[1:3] + box[3:5]) / 2
        stride = next(stride for side, stride in LEVEL_SIDES if np.sqrt(size[0] * size[1]) <= side)
        reach = np.clip(size / 2, 0.5 * stride, 1.5 * stride)
        taught = (grid[:, 2] == stride) & (np.abs(centres - middle) <= reach).all(1)
        wanted[taught, label] = np.maximum(wanted[taught, label], 0.9 * box[5])
        aims[taught, :2] = middle / stride - grid[taught, :2]
        aims[taught, 2:] = np.log(np.maximum(size, 1) / stride)
    return wanted, aims, allowed.any(1)


def cells_inside(centres, boxes):
    """[boxes, A]: whether each cell's centre lies in each box, grown a little."""
    margins = 4 + 0.1 * (boxes[:, 3:5] - boxes[:, 1:3])
    low, high = boxes[:, None, 1:3] - margins[:, None], boxes[:, None, 3:5] + margins[:, None]
    return ((centres > low) & (centres < high)).all(2)


def unseen(scores, boxes, grid, positives):
    """The labels that the teacher does not find on this picture."""
    sure = scores.max(1) > 0.5 * FOUND_SHARE * positives[:, 5].min(initial=1)
    said, sure_scores = corners(boxes[sure], grid[sure]), scores[sure]
    for box in positives:
        near = iou(said, box[1:5]) > 0.5
        group = GROUPS == GROUPS[int(box[0])]
        if not near.any() or sure_scores[near][:, group].max() < FOUND_SHARE * box[5]:
            yield box


def iou(boxes, box):
    overlap = (np.minimum(boxes[:, 2:], box[2:]) - np.maximum(boxes[:, :2], box[:2])).clip(0).prod(1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(1) + (box[2:] - box[:2]).prod()
    return overlap / np.maximum(areas - overlap, 1e-6)
