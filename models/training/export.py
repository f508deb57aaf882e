"""Writes a trained detector as ONNX with height and width free; batch norms are folded into the convolutions."""

import inspect

import torch

from model import Detector, Exported


def export(state, path, factor=1.0, shift=0.0):
    detector = Detector()
    detector.load_state_dict(state)
    exported = Exported(detector, factor, shift).eval()
    # Newer versions write with another exporter unless told; older ones do not know the word.
    words = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    torch.onnx.export(
        exported,
        torch.zeros(1, 3, 384, 640),
        str(path),
        input_names=["images"],
        output_names=["output"],
        dynamic_axes={"images": {2: "height", 3: "width"}, "output": {1: "cells"}},
        opset_version=13,
        do_constant_folding=True,
        **words,
    )
