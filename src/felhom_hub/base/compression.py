"""Compresses answers that a client takes compressed, but for files with tags and parts of their own bytes."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressionMiddleware(GZipMiddleware):
    """An answer that offers parts is left as it is: a compressed part, or another tag, would be wrong."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Django's hook for what is sent."""
        return response if response.has_header("Accept-Ranges") else super().process_response(request, response)
