"""What judges the clients of clients/clients.json."""
