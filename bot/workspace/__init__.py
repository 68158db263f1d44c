"""The workspace's door: who is let in by the tab's token, its sessions, its forms, and the headers of every answer."""
