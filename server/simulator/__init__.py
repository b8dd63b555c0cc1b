"""A simulated world around the server: stations and vehicles before it, a ministry and an authority behind it.

Everything here is a real client or a real server of the real protocols on loopback; nothing reaches into the server.
"""
