"""Logos, screenshots and icons that controllers download: the store, its seed from the image, the manifest."""
