"""TLS contexts of the FTP listener, made from PEM files."""

import ssl


def server_context(certificate: str, key: str) -> ssl.SSLContext:
    """Load a certificate chain and its key for control and data connections.

    Raises:
        OSError: a file cannot be read; ssl.SSLError (an OSError) where its content does not fit.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key or None)
    return context
