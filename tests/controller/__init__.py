"""Tests of the reference controller."""
