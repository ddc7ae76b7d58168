"""Where things are."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUZZ = ROOT / "fuzz"
VECTORS = ROOT / "vectors"
REGISTRY = ROOT / "spec/registry.json"
CORPUS = FUZZ / "corpus"
REGRESSIONS = FUZZ / "regressions"
ARTIFACTS = FUZZ / "artifacts"
