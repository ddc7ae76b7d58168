"""The repository's own tools: what generates, checks and measures. `tools/run --help` lists them."""
