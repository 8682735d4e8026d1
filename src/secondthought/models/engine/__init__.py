"""The embedded engine: ONNX Runtime, own scheduler."""
