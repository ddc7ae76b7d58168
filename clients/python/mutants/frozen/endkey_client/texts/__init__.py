"""Text forms: base64url, Bech32m and what is written in them (sections 2.4, 14.3, 15.1, 18.1)."""
