"""Where things are."""

from ..repository import ROOT

FUZZ = ROOT / "fuzz"
VECTORS = ROOT / "vectors"
REGISTRY = ROOT / "spec/registry.json"
CORPUS = FUZZ / "corpus"
REGRESSIONS = FUZZ / "regressions"
ARTIFACTS = FUZZ / "artifacts"
