"""Makes training pictures: where each lies and at what scale, mosaics, colour, and what cameras do to a picture.

The teacher sees the picture before `degrade`, the student after it: so it learns to see in the dark and through blur what the
teacher sees on a clear picture.
"""

import cv2
import numpy as np

PAD = 114
#: The longer side of a whole picture on the canvas, in pixels.
SMALLEST, LARGEST = 170, 760
#: An object that is cut by the canvas below this share of its area is doubtful.
LEAST_VISIBLE = 0.4


def compose(rng, pick, pack, height, width):
    """A picture [height, width, 3] with its positives and doubtful boxes [N, 6] (class, x1, y1, x2, y2 in pixels, score)."""
    canvas = np.full((height, width, 3), PAD, np.uint8)
    if rng.random() < 0.55:
        tiles = [(0, 0, width, height)]
    else:
        x, y = int(width * rng.uniform(0.3, 0.7)), int(height * rng.uniform(0.3, 0.7))
        tiles = [(0, 0, x, y), (x, 0, width, y), (0, y, x, height), (x, y, width, height)]
    positives, doubtful = [], []
    for tile in tiles:
        sample = pick(rng)
        sure, unsure, emptied = place(rng, canvas, tile, sample, pack, mosaic=len(tiles) > 1)
        positives.append(sure)
        doubtful += [unsure, emptied]
    return canvas, np.concatenate(positives), np.concatenate(doubtful)


def place(rng, canvas, tile, sample, pack, mosaic):
    left, top, right, bottom = tile
    tile_width, tile_height = right - left, bottom - top
    _, full_height, full_width = pack.index[sample["file"]][0]
    largest = LARGEST * (0.75 if mosaic else 1)
    long_side = np.exp(rng.uniform(np.log(SMALLEST), np.log(largest)))
    scale = long_side / max(full_height, full_width)
    stretch = np.exp(rng.uniform(-0.12, 0.12))
    scale_x, scale_y = scale * stretch, scale / stretch
    width, height = full_width * scale_x, full_height * scale_y
    mirrored = rng.random() < 0.5
    # Where the picture is larger than the tile, an object is looked for as often as not.
    boxes = sample["positives"]
    centre = None
    if len(boxes) and rng.random() < 0.7:
        box = boxes[rng.integers(len(boxes))]
        centre = ((box[1] + box[3]) / 2, (box[2] + box[4]) / 2)
        if mirrored:
            centre = (1 - centre[0], centre[1])
    x = offset(rng, tile_width, width, None if centre is None else centre[0])
    y = offset(rng, tile_height, height, None if centre is None else centre[1])

    half = scale < 0.6
    source = pack.picture(sample["file"], half)
    step_x, step_y = width / source.shape[1], height / source.shape[0]
    matrix = np.array([[step_x, 0, x + 0.5 * step_x - 0.5], [0, step_y, y + 0.5 * step_y - 0.5]])
    if mirrored:
        matrix[0] = [-step_x, 0, x + width - 0.5 * step_x - 0.5]
    canvas[top:bottom, left:right] = cv2.warpAffine(
        source, matrix, (tile_width, tile_height), flags=cv2.INTER_LINEAR, borderValue=(PAD, PAD, PAD)
    )
    frame = (x + left, y + top, width, height, mirrored, tile)
    sure, cut = clip(sample["positives"], frame)
    unsure, cut_unsure = clip(sample["doubtful"], frame)
    return sure, np.concatenate([unsure, cut_unsure]), cut


def offset(rng, room, size, centre):
    """Where a picture of `size` begins in `room`, so that most of the room is filled; with `centre` (a fraction) inside the room."""
    if size <= room:
        return rng.uniform(0, room - size)
    if centre is not None:
        begin = room * rng.uniform(0.15, 0.85) - centre * size
        return float(np.clip(begin, room - size, 0))
    return rng.uniform(room - size, 0)


def clip(boxes, frame):
    """Boxes in pixels of the canvas, cut at the tile: those that are mostly visible, and the rest of which something is."""
    x, y, width, height, mirrored, (left, top, right, bottom) = frame
    if not len(boxes):
        return boxes, boxes
    out = boxes.copy()
    x1, x2 = (1 - boxes[:, 3], 1 - boxes[:, 1]) if mirrored else (boxes[:, 1], boxes[:, 3])
    out[:, 1], out[:, 3] = x + x1 * width, x + x2 * width
    out[:, 2], out[:, 4] = y + boxes[:, 2] * height, y + boxes[:, 4] * height
    whole = (out[:, 3] - out[:, 1]) * (out[:, 4] - out[:, 2])
    out[:, [1, 3]] = out[:, [1, 3]].clip(left, right)
    out[:, [2, 4]] = out[:, [2, 4]].clip(top, bottom)
    sides = np.minimum(out[:, 3] - out[:, 1], out[:, 4] - out[:, 2])
    visible = (out[:, 3] - out[:, 1]) * (out[:, 4] - out[:, 2]) / np.maximum(whole, 1e-6)
    clear = (visible >= LEAST_VISIBLE) & (sides >= 4)
    return out[clear], out[~clear & (sides > 0)]


def recolour(rng, picture):
    """Brightness, contrast, gamma and white balance; now and then a grey picture, as of a camera at night."""
    ramp = np.arange(256, dtype=np.float32) / 255
    curve = ramp ** np.exp(rng.uniform(-0.35, 0.35))
    curve = (curve - 0.5) * rng.uniform(0.7, 1.25) + 0.5 + rng.uniform(-0.1, 0.1)
    tables = np.stack([curve * rng.uniform(0.9, 1.1) for _ in range(3)], 1)
    picture = cv2.LUT(picture, (tables.clip(0, 1) * 255).astype(np.uint8).reshape(256, 1, 3))
    if rng.random() < 0.12:
        picture = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    return picture


def degrade(rng, picture):
    """Night, blur, sensor noise, and the blocks of a low bitrate; half of all pictures stay as they are."""
    if rng.random() < 0.5:
        return picture
    height, width = picture.shape[:2]
    if rng.random() < 0.3:
        dark = (np.arange(256) / 255.0) ** rng.uniform(1.1, 1.8) * rng.uniform(0.25, 0.8) * 255
        picture = cv2.LUT(picture, dark.astype(np.uint8))
    if rng.random() < 0.35:
        picture = blur(rng, picture)
    if rng.random() < 0.4:
        noise = rng.standard_normal((height, width, 3 if rng.random() < 0.5 else 1), np.float32) * rng.uniform(2, 16)
        picture = (picture + noise).clip(0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        shrink = rng.uniform(0.5, 1)
        small = cv2.resize(picture, (max(16, int(width * shrink)), max(16, int(height * shrink))), interpolation=cv2.INTER_AREA)
        _, coded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(8, 45))])
        picture = cv2.resize(cv2.imdecode(coded, cv2.IMREAD_COLOR), (width, height), interpolation=cv2.INTER_LINEAR)
    return picture


def blur(rng, picture):
    if rng.random() < 0.5:
        return cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.5, 1.8))
    length, angle = int(rng.integers(3, 10)), rng.uniform(0, np.pi)
    kernel = np.zeros((length, length), np.float32)
    reach = (length - 1) / 2
    for at in np.linspace(-reach, reach, 2 * length):
        kernel[int(round(reach + at * np.sin(angle))), int(round(reach + at * np.cos(angle)))] = 1
    return cv2.filter2D(picture, -1, kernel / kernel.sum())
