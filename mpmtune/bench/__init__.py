"""Private httpd instances under load: how settings compare on this machine."""
