"""What drives the fuzzers of fuzz/, and what is tried on the programs beside them."""
