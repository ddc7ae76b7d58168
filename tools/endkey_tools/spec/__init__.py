"""What reads and checks the specification."""
