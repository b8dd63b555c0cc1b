"""FTP, both ends: the intake of station files (`listener.py`) and the sender of hourly files (`client.py`)."""
