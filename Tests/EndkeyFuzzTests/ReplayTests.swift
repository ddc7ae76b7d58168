import EndkeyFuzz
import Testing
