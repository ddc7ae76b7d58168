"""Ends that speak to a service as `spec/http.md` says."""
